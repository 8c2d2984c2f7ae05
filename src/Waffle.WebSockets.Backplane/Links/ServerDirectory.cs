using System.Collections.Concurrent;

namespace Waffle.WebSockets.Backplane;

/// <summary>Which other servers there are, by their heartbeats. Safe to use from any thread.</summary>
/// <remarks>Who is gone is remembered for some leases more: what it has published may still come, and it may itself come back.</remarks>
internal sealed class ServerDirectory(TimeSpan lease, TimeProvider time)
{
    private const int RememberedLeases = 4;

    private readonly Lock _changeLock = new();
    private readonly ConcurrentDictionary<Guid, KnownServer> _servers = new();

    /// <summary>Those that were heard within their lease.</summary>
    public IReadOnlyList<KnownServer> Servers => [.. _servers.Values.Where(IsThere)];

    /// <summary>Finds a server, also one that is gone.</summary>
    public KnownServer? Find(Guid id) => _servers.GetValueOrDefault(id);

    /// <summary>A message has come of a server, which may never have been heard.</summary>
    public KnownServer Note(Guid id)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        lock (_changeLock)
        {
            return _servers.GetOrAdd(id, new KnownServer(
                id, string.Empty, IsPublisherOnly: true, Clients: 0, BeganAt: null, time.GetTimestamp(), ServerPresence.Unknown));
        }
    }

    /// <summary>A heartbeat has come.</summary>
    /// <returns>Whether the server was not there before.</returns>
    public bool Hear(Guid id, in Heartbeat heartbeat)
    {
        var now = time.GetTimestamp();
        lock (_changeLock)
        {
            var known = Find(id);
            if (known?.Presence == ServerPresence.Left)
            {
                // Overtaken by its farewell.
                return false;
            }

            _servers[id] = new KnownServer(
                id,
                heartbeat.Name,
                heartbeat.IsPublisherOnly,
                heartbeat.Clients,
                BeganAt: heartbeat.Number == Heartbeat.First ? known?.BeganAt ?? now : known?.BeganAt,
                LastHeard: now,
                ServerPresence.Heard);
            return known is null || !IsThere(known);
        }
    }

    /// <summary>A server has said that it leaves.</summary>
    public void Leave(Guid id)
    {
        lock (_changeLock)
        {
            if (Find(id) is { } known)
            {
                _servers[id] = known with { Presence = ServerPresence.Left };
            }
        }
    }

    /// <summary>Forgets those that were not heard for long, and tells which.</summary>
    public IReadOnlyList<Guid> Forget()
    {
        lock (_changeLock)
        {
            Guid[] gone = [.. _servers.Values.Where(server => time.GetElapsedTime(server.LastHeard) >= RememberedLeases * lease).Select(static server => server.Id)];
            foreach (var id in gone)
            {
                _servers.TryRemove(id, out _);
            }

            return gone;
        }
    }

    private bool IsThere(KnownServer server) => server.Presence == ServerPresence.Heard && time.GetElapsedTime(server.LastHeard) < lease;
}
