using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>A peer that goes on talking after a Close, its own or ours, is neither heard nor waited for.</summary>
public sealed class DataAfterCloseTests
{
    private const int MaxDiscarded = 64 * 1024;

    [Fact]
    public async Task After_the_peers_Close_at_most_64_KiB_are_thrown_away_and_nothing_is_heard()
    {
        const int Capacity = 4096;
        await using var pair = ConnectionPair.Create(o => o.WriteTimeout = TimeSpan.Zero, Capacity);

        // Our Close has to wait behind what the peer does not read.
        await pair.Server.WriteBinaryAsync(new byte[2 * Capacity]);
        await pair.Client.SendTextAsync("heard");
        await pair.Client.SendCloseAsync(4001);
        await Wait.Eventually(() => pair.Server.IsClosed);
        var message = RawFrame.Encode(RawFrame.TextOpcode, new byte[1000], mask: new byte[4]);
        var sent = 0;
        var flood = Task.Run(async () =>
        {
            while (!(await pair.Client.Transport.Output.WriteAsync(message)).IsCompleted)
            {
                sent += message.Length;
            }
        });
        await flood.Soon();

        Assert.InRange(sent, MaxDiscarded - Capacity, MaxDiscarded + (2 * Capacity) + message.Length);
        Assert.False(pair.Server.Completion.IsCompleted);
        Assert.Equal("heard", await pair.Server.ReadTextAsync().Soon());
        pair.Advance(TimeSpan.FromSeconds(5));
        var closed = await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().Soon());
        Assert.Equal(((CloseCode)4001, CloseCause.PeerClosed), (closed.Close.Code, closed.Close.Cause));
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task After_our_Close_what_comes_instead_of_an_answer_is_thrown_away_until_the_CloseTimeout()
    {
        // A send ends when the server has read it.
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero, capacity: 1);
        var closing = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        for (var i = 0; i < 1_000; i++)
        {
            await pair.Client.SendBinaryAsync(new byte[1000]).Soon();
        }

        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(5));
        Assert.False(closing.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);
        await closing.Soon();
        Assert.Null(await pair.Client.ReadFrameAsync());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().Soon());
        await pair.NothingIsScheduledAsync();
    }
}
