using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Several processes that are one hub, each with a client of its own in one room.</summary>
internal sealed class ServerFleet : IAsyncDisposable
{
    private const string RoomName = "tea";

    private readonly List<ServerProcess> _servers = [];
    private readonly List<RawPeer> _clients = [];

    private ServerFleet()
    {
    }

    public static async Task<ServerFleet> StartAsync(RealEngine engine, int servers)
    {
        var fleet = new ServerFleet();
        fleet._servers.AddRange(await Task.WhenAll(Enumerable.Range(0, servers).Select(server => TargetServer.StartAsync(
        [
            $"--Backplane:{engine.Setting.Name}={engine.Setting.Value}",
            $"--Backplane:ServerName=server {server}",
            "--Backplane:HeartbeatInterval=00:00:00.5",
            "--Backplane:ServerLease=00:00:02",
        ]))));
        foreach (var server in fleet._servers)
        {
            fleet._clients.Add(await server.ConnectPeerAsync($"/room?name={RoomName}"));
        }

        return fleet;
    }

    /// <summary>The clients' room: what they say, their servers broadcast.</summary>
    public Task<NumberedRoom> MeetAsync() => NumberedRoom.CreateAsync(
        RoomName,
        [.. _clients.Select(static client => new Listener(client))],
        async (server, text) =>
        {
            await _clients[server].SendTextAsync(text);

            // Only the server knows.
            return PublishStatus.None;
        });

    /// <summary>Returns when each server that runs counts the members of all, and no other is asked.</summary>
    public Task UntilAllCountAsync(int members) => Wait.Eventually(
        async () =>
        {
            var alive = _servers.Where(static server => !server.HasExited);
            var counts = await Task.WhenAll(alive.Select(static server => server.CountEverywhereAsync(RoomName)));
            return counts.All(count => count.Members == members && count.Unanswered.Count == 0);
        },
        $"all servers count {members}");

    /// <summary>Ends a server without a word to anybody.</summary>
    public Task KillAsync(int server) => _servers[server].KillAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
