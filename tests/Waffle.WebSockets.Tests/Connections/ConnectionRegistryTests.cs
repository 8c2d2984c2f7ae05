using Waffle.WebSockets.Connections;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Who is there, for whom something is still at work, and what went through all.</summary>
public sealed class ConnectionRegistryTests
{
    private readonly ConnectionRegistry _registry = new();

    [Fact]
    public async Task A_connection_counts_until_its_end_and_stays_until_it_is_released()
    {
        var (connection, client) = Connect();
        Assert.Equal(1, _registry.Count);
        Assert.Same(connection, Assert.Single(_registry.Snapshot()));

        connection.Abort();
        Assert.Equal(0, _registry.Count);
        Assert.Empty(_registry.Snapshot());
        Assert.Same(connection, Assert.Single(_registry.Snapshot(withEnded: true)));

        connection.Release();
        Assert.Empty(_registry.Snapshot(withEnded: true));
        Assert.True(connection.Released.IsCompleted);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Released_before_its_end_it_leaves_with_the_end()
    {
        var (connection, client) = Connect();
        connection.Release();
        Assert.Equal(1, _registry.Count);
        connection.Abort();
        Assert.Empty(_registry.Snapshot(withEnded: true));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task One_that_has_ended_before_it_began_is_not_there()
    {
        var (server, client) = DuplexPipe.CreatePair(64 * 1024);
        var connection = new WebSocketConnection(new PipeTransport(server), new WebSocketConnectionOptions(), TimeProvider.System, registry: _registry);
        connection.Abort();
        connection.Start();
        Assert.Equal(0, _registry.Count);
        Assert.Empty(_registry.Snapshot(withEnded: true));
        await new RawPeer(client).DisposeAsync();
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task Traffic_counts_whole_messages_and_all_bytes_and_those_of_who_is_gone()
    {
        var (connection, client) = Connect();
        await client.SendTextAsync("12345");
        await client.SendPingAsync("x");
        Assert.Equal(RawFrame.PongOpcode, (await client.ReadFrameAsync())!.Opcode);
        await connection.WriteTextAsync("1234567890");
        Assert.Equal("1234567890", (await client.ReadFrameAsync())!.Text);

        // Client's frames are masked: 6 bytes of header each. Ours have 2.
        var expected = new ConnectionTraffic(1, 6 + 5 + 6 + 1, 1, 2 + 1 + 2 + 10);
        await Wait.Eventually(() => _registry.Traffic == expected, "the read loop has counted");
        connection.Abort();
        connection.Release();
        Assert.Equal(expected, _registry.Traffic);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Coming_going_and_looking_at_once_leaves_nobody_behind()
    {
        var clients = new System.Collections.Concurrent.ConcurrentBag<RawPeer>();
        using var over = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            var most = 0L;
            while (!over.IsCancellationRequested)
            {
                _ = _registry.Snapshot(withEnded: true).Count;
                var now = _registry.Traffic.MessagesSent;
                Assert.True(now >= most, $"{now} after {most}");
                most = now;
            }
        });
        await Parallel.ForAsync(0, 2_000, async (_, _) =>
        {
            var (connection, client) = Connect();
            clients.Add(client);
            await connection.WriteTextAsync("x", CancellationToken.None);
            await Task.WhenAll(Task.Run(connection.Abort, CancellationToken.None), Task.Run(connection.Release, CancellationToken.None));
        });
        await over.CancelAsync();
        await looking;
        Assert.Equal(0, _registry.Count);
        Assert.Empty(_registry.Snapshot(withEnded: true));
        Assert.Equal(2_000, _registry.Traffic.MessagesSent);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private (WebSocketConnection Connection, RawPeer Client) Connect()
    {
        var (server, client) = DuplexPipe.CreatePair(64 * 1024);
        var connection = new WebSocketConnection(new PipeTransport(server), new WebSocketConnectionOptions(), TimeProvider.System, registry: _registry);
        connection.Start();
        return (connection, new RawPeer(client));
    }
}
