using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets;

/// <summary>Who is connected, and who is in which room.</summary>
/// <remarks>
/// A client belongs to the hub from its connect callback to its disconnect callback; the end of its connection removes it, however that came. Safe to use
/// from any thread.
/// </remarks>
/// <example>
/// <code>
/// builder.Services.AddWebSocketHub();
/// app.MapWebSocketHub("/ws", new MessageRouter()
///     .On&lt;string&gt;("shout", async (client, text, ct) => await client.Hub.BroadcastTypedMessageAsync("shout", text, default, ct)));
/// </code>
/// </example>
public sealed class WebSocketHub : BroadcastTarget, IAsyncDisposable, IDisposable
{
    // How long a client whose peer has closed stays a member for the messages that it had sent before.
    private static readonly TimeSpan _departureGrace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, HubClient> _clients = new(StringComparer.Ordinal);
    private readonly MemberGroup _everybody = new(string.Empty);
    private volatile bool _isClosed;

    /// <summary>Creates a hub.</summary>
    /// <param name="options">Copied; <see langword="null"/>: the defaults.</param>
    /// <param name="serializerOptions">For what is sent and received as JSON; <see langword="null"/>: the web's defaults.</param>
    /// <param name="time">The clock; <see langword="null"/>: the system's.</param>
    /// <param name="logger">Hears of callbacks and message handlers that throw, and of limits that are met.</param>
    /// <param name="services">Where message handlers come from; <see langword="null"/>: from nowhere.</param>
    /// <param name="backplane">The way to other servers of the same hub, disposed of with it; <see langword="null"/>: there are none.</param>
    /// <param name="backplaneOptions">How it takes part in that; <see langword="null"/>: the defaults.</param>
    /// <exception cref="ArgumentException">An option has a value that is not allowed; the message names it.</exception>
    public WebSocketHub(
        WebSocketHubOptions? options = null,
        JsonSerializerOptions? serializerOptions = null,
        TimeProvider? time = null,
        ILogger<WebSocketHub>? logger = null,
        IServiceProvider? services = null,
        IBackplane? backplane = null,
        BackplaneOptions? backplaneOptions = null)
    {
        Options = options?.Snapshot() ?? new WebSocketHubOptions();
        HubOptionsRules.ThrowIfInvalid(Options);
        Json = serializerOptions ?? MessageJsonDefaults.Options;
        Time = time ?? TimeProvider.System;
        Logger = logger ?? NullLogger<WebSocketHub>.Instance;
        Services = services;
        Metrics = new WebSocketMetrics(services?.GetService<IMeterFactory>());
        Hits = LimitHits.For(services) ?? new LimitHits(Metrics, Logger, Time);
        RoomTable = new GroupTable(name => Bridge?.OnLeft(new ChannelScope(ScopeKind.Room, name)));
        Users = new GroupTable(name => Bridge?.OnLeft(new ChannelScope(ScopeKind.User, name)));
        if (backplane is not null)
        {
            Bridge = BackplaneBridge.Create(this, backplane, backplaneOptions);
            Bridge.Start();
        }
    }

    /// <summary>The clients on this server as they are now, in no particular order; safe to iterate while clients come and go.</summary>
    public IEnumerable<HubClient> Clients => _everybody.Snapshot();

    /// <summary>The rooms that have members on this server now.</summary>
    public IReadOnlyCollection<string> RoomNames => RoomTable.Names;

    internal WebSocketHubOptions Options { get; }

    internal JsonSerializerOptions Json { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal IServiceProvider? Services { get; }

    internal WebSocketMetrics Metrics { get; }

    /// <summary>Where it is counted that a limit was met.</summary>
    internal LimitHits Hits { get; }

    /// <summary>The way to other servers; <see langword="null"/>: there are none.</summary>
    internal BackplaneBridge? Bridge { get; }

    internal MemberGroup Everybody => _everybody;

    internal GroupTable RoomTable { get; }

    internal GroupTable Users { get; }

    internal override Publication Publication => Bridge is { } bridge ? new(bridge, ChannelScope.Hub) : default;

    private protected override JsonSerializerOptions SerializerOptions => Json;

    /// <summary>Whether what is broadcast reaches other servers now.</summary>
    public BackplaneStatus BackplaneStatus => Bridge?.Link.State switch
    {
        null => BackplaneStatus.None,
        EngineState.There => BackplaneStatus.Connected,
        _ => BackplaneStatus.Away,
    };

    /// <summary>The other servers of the same hub that were heard of late.</summary>
    public IReadOnlyCollection<HubServer> Servers => Bridge is null
        ? []
        : [.. Bridge.Link.Servers.Where(static server => !server.IsPublisherOnly).Select(
            server => new HubServer(server.Name, server.Clients, Time.GetElapsedTime(server.LastHeard)))];

    /// <summary>Finds a client by its connection's id.</summary>
    public bool TryGetClient(string connectionId, [NotNullWhen(true)] out HubClient? client)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        return _clients.TryGetValue(connectionId, out client);
    }

    /// <summary>Finds a client by its connection's id.</summary>
    /// <exception cref="ClientNotFoundException">There is none.</exception>
    public HubClient GetRequiredClient(string connectionId) =>
        TryGetClient(connectionId, out var client) ? client : throw new ClientNotFoundException(connectionId);

    /// <summary>All connections with this client id. The handle stays valid, whether or not there are any.</summary>
    public BroadcastTarget User(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new HubUser(this, id);
    }

    /// <summary>The room with this name. The handle stays valid, whether or not anybody is in the room.</summary>
    public HubRoom Room(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new HubRoom(this, name);
    }

    /// <summary>The members of several rooms, each of them once however many of the rooms it is in. Rooms without members add nobody.</summary>
    public BroadcastTarget Rooms(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(names));
        }

        return new HubRooms(this, names);
    }

    /// <summary>Finds a room that has members on this server.</summary>
    public bool TryGetRoom(string name, [NotNullWhen(true)] out HubRoom? room)
    {
        ArgumentNullException.ThrowIfNull(name);
        room = RoomTable.Find(name) is { Count: > 0 } ? new HubRoom(this, name) : null;
        return room is not null;
    }

    /// <summary>Finds a room that has members on this server.</summary>
    /// <exception cref="RoomNotFoundException">Nobody is in a room of that name.</exception>
    public HubRoom GetRequiredRoom(string name) => TryGetRoom(name, out var room) ? room : throw new RoomNotFoundException(name);

    /// <summary>Puts all members on this server out of a room. They stay connected; joining again makes the room anew.</summary>
    /// <param name="name">The room's name.</param>
    /// <param name="cancellationToken">Checked before anybody is put out.</param>
    /// <returns>Whether anybody was in it.</returns>
    public ValueTask<bool> DeleteRoomAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (!RoomTable.TryRetire(name, out var members))
        {
            return new ValueTask<bool>(false);
        }

        foreach (var member in members)
        {
            member.Client.Forget(member);
        }

        return new ValueTask<bool>(true);
    }

    /// <summary>Makes a connection a client of the hub, and returns when the connect callback has ended.</summary>
    /// <param name="connection">The connection; it leaves the hub when it ends.</param>
    /// <param name="id">The application's name for the client; <see langword="null"/>: the connection's own.</param>
    /// <param name="cancellationToken">Handed to the connect callback, beside the connection's own.</param>
    /// <exception cref="HubClosedException">The hub is closed; the connection is being closed with 1001.</exception>
    /// <exception cref="ArgumentException">
    /// The id is empty, too long or holds control characters; or the connection belongs to this hub already.
    /// </exception>
    /// <remarks>
    /// What the connect callback throws is thrown on; the connection is closed with 1011 then. With a backplane the callback is called when its engine has confirmed the
    /// subscriptions of the client, or after <see cref="BackplaneOptions.JoinTimeout"/>.
    /// </remarks>
    public async ValueTask<HubClient> AddAsync(WebSocketConnection connection, string? id = null, CancellationToken cancellationToken = default)
    {
        var client = Enter(connection, id);
        await WelcomeAsync(client, cancellationToken);
        return client;
    }

    /// <summary>Whether a client may have this id; one that is too long is counted.</summary>
    internal bool IsValidClientId(string id)
    {
        if (HubName.IsTooLong(id, Options.MaxClientIdLength))
        {
            Hits.Add(Limits.MaxClientIdLength, Options.MaxClientIdLength);
        }

        return HubName.IsValid(id, Options.MaxClientIdLength);
    }

    /// <summary>All connections with this client id; one without a name is mostly alone, and in no group until somebody asks.</summary>
    internal MemberGroups FindUser(string id)
    {
        var named = Users.Find(id);
        if (Bridge is not null || !TryGetClient(id, out var unnamed) || !unnamed.IsUnnamed)
        {
            return new MemberGroups(named);
        }

        var alone = new MemberGroup(id);
        alone.TryAdd(new Membership(unnamed, alone));
        return named is null ? new MemberGroups(alone) : new MemberGroups(new[] { named, alone });
    }

    /// <summary>Those of some rooms that have members, in the order of their names, which is that of <paramref name="names"/>.</summary>
    internal MemberGroups FindRooms(IReadOnlyList<string> names)
    {
        var groups = new MemberGroup[names.Count];
        var count = 0;
        for (var i = 0; i < names.Count; i++)
        {
            if (RoomTable.Find(names[i]) is { } group)
            {
                groups[count++] = group;
            }
        }

        return new MemberGroups(groups.AsMemory(0, count));
    }

    /// <summary>Makes a connection a member, without a welcome yet.</summary>
    internal HubClient Enter(WebSocketConnection connection, string? id)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (id is not null && !IsValidClientId(id))
        {
            throw new ArgumentException(
                $"A client's id must have 1 to {Options.MaxClientIdLength} bytes in UTF-8 and no control characters.", nameof(id));
        }

        id ??= connection.Id;
        var client = new HubClient(this, connection, id);
        if (!_clients.TryAdd(connection.Id, client))
        {
            throw new ArgumentException("The connection belongs to this hub already.", nameof(connection));
        }

        Interleaving.Point();
        try
        {
            client.Memberships = (new Membership(client, _everybody), client.IsUnnamed && Bridge is null ? null : Users.Add(id, client));
            _everybody.TryAdd(client.Memberships.InHub);
        }
        catch (OutOfMemoryException)
        {
            Forget(client);
            throw;
        }

        client.Departure = DepartAsync(client);
        return client;
    }

    /// <summary>Closes all connections of this server, refuses new ones, and returns when all clients have left. Bounded, whatever the clients do.</summary>
    /// <param name="code">1000 to 1003, 1007 to 1014, or 3000 to 4999.</param>
    /// <param name="reason">At most 123 bytes in UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait; the closing goes on.</param>
    public Task CloseAsync(CloseCode code = CloseCode.GoingAway, string reason = "", CancellationToken cancellationToken = default)
    {
        CloseRules.ThrowIfNotSendable(code, reason);
        _isClosed = true;
        Interleaving.Point();
        var clients = _everybody.Snapshot();
        foreach (var client in clients)
        {
            client.Connection.BeginClose(code, reason);
        }

        return Task.WhenAll(Array.ConvertAll(clients, static client => client.Left)).WaitAsync(cancellationToken);
    }

    /// <summary>As <see cref="CloseAsync"/> with its defaults.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (Bridge is not null)
        {
            await Bridge.DisposeAsync();
        }
    }

    /// <summary>Cuts all connections and refuses new ones. <see cref="DisposeAsync"/> closes them in good order.</summary>
    public void Dispose()
    {
        _isClosed = true;
        foreach (var client in _everybody.Snapshot())
        {
            client.Connection.Abort();
        }

        // Others must not take this server for one that lives.
        _ = Bridge?.DisposeAsync().AsTask();
    }

    private protected override MemberGroups FindGroups() => new(_everybody);

    /// <summary>Calls the connect callback; refuses the client if the hub is closed.</summary>
    internal async Task WelcomeAsync(HubClient client, CancellationToken cancellationToken)
    {
        if (_isClosed)
        {
            client.WasRefused = true;
            client.Connection.BeginClose(CloseCode.GoingAway, string.Empty);
            client.SetConnected();
            throw new HubClosedException();
        }

        try
        {
            if (Bridge is { } bridge)
            {
                await bridge.OnConnectedAsync(client.Id);
            }

            if (Options.OnConnected is { } callback)
            {
                // What the callback starts may keep the connection's own token beyond the callback's end.
                using var either = cancellationToken.CanBeCanceled
                    ? CancellationTokenSource.CreateLinkedTokenSource(client.Connection.Closed, cancellationToken)
                    : null;
                await callback(client, either?.Token ?? client.Connection.Closed);
            }
        }
        catch (Exception error)
        {
            client.Connection.BeginClose(CloseCode.InternalError, "The connection could not be set up.", CloseCause.HandlerFailed, error);
            throw;
        }
        finally
        {
            Interleaving.Point();
            client.SetConnected();
        }
    }

    private void Forget(HubClient client)
    {
        if (client.Memberships.OfUser is { } ofUser)
        {
            Users.Remove(ofUser);
        }

        Bridge?.OnLeft(ChannelScope.Hub);
        Interleaving.Point();
        _clients.TryRemove(client.Connection.Id, out _);
    }

    private async Task DepartAsync(HubClient client)
    {
        var close = await client.Connection.Completion;

        // Messages that came before a graceful end are handled by a member still, for a moment.
        await client.Connection.Handled.WaitAsync(_departureGrace, Time).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var rooms = client.LeaveAll();
        _everybody.Remove(client.Memberships.InHub, mayRetire: false);
        Forget(client);
        client.SetLeft();
        await client.Connected;
        try
        {
            if (Options.OnDisconnected is { } callback && !client.WasRefused)
            {
                await callback(client, new HubDisconnect(close, rooms));
            }
        }
        catch (Exception error)
        {
            HubLog.DisconnectCallbackFailed(Logger, error, client.Connection.Id);
        }
    }
}
