using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>No memory is left for a buffer. The server is a process of its own whose heap has a hard limit.</summary>
public sealed class MemoryPressureTests
{
    private const int HeapLimit = 96 * 1024 * 1024;

    // Allowed by the endpoint; the buffers for it are more than the heap may hold.
    private static readonly byte[] _frame = RawFrame.Encode(RawFrame.BinaryOpcode, new byte[60 * 1024 * 1024], mask: [1, 2, 3, 4]);

    [Fact]
    public async Task The_connection_that_needs_more_ends_and_all_others_go_on()
    {
        await using var server = await TargetServer.StartAsync([], HeapLimit);
        await using var other = new AnsweringPeer(await server.ConnectPeerAsync("/room?name=other"));
        for (var round = 0; round < 2; round++)
        {
            await AssertEndsAsync(await server.ConnectPeerAsync("/echo"));
            await other.AssertEchoesAsync($"still there after {round}");
            await using var newcomer = new AnsweringPeer(await server.ConnectPeerAsync("/room?name=newcomer"));
            await newcomer.AssertEchoesAsync("and one more");
        }

        Assert.False(server.HasExited);
    }

    private static async Task AssertEndsAsync(RawPeer peer)
    {
        var sending = peer.SendBytesAsync(_frame);
        try
        {
            Assert.Null(await peer.ReadFrameAsync());
            await sending.Soon();
        }
        catch (IOException)
        {
            // A reset: the server reads no more of it.
        }

        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await peer.DisposeAsync();
    }
}
