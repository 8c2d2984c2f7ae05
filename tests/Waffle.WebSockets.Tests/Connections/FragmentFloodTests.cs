using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Messages of very many fragments, with the default options.</summary>
public sealed class FragmentFloodTests
{
    private const int MaxFragments = 16_384;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_message_of_16_384_fragments_is_read_and_the_next_fragment_more_closes_with_1008(int length)
    {
        await using var pair = ConnectionPair.Create();
        var first = RawFrame.Encode(RawFrame.BinaryOpcode, new byte[length], isFinal: false, mask: new byte[4]);
        var next = RawFrame.Encode(RawFrame.Continuation, new byte[length], isFinal: false, mask: new byte[4]);
        var last = RawFrame.Encode(RawFrame.Continuation, new byte[length], mask: new byte[4]);
        await SendAsync(MaxFragments - 1);
        await pair.Client.SendBytesAsync(last);
        Assert.Equal(MaxFragments * length, (await pair.Server.ReadBinaryAsync().Soon()).Length);

        await SendAsync(MaxFragments);
        await pair.Client.SyncAsync();
        await pair.Client.SendBytesAsync(last);
        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
        await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().Soon());
        await pair.Client.EndAsync();
        Assert.Null(await pair.Client.ReadFrameAsync());

        async Task SendAsync(int count)
        {
            await pair.Client.SendBytesAsync(first);
            for (var i = 1; i < count; i++)
            {
                await pair.Client.SendBytesAsync(next);
            }
        }
    }
}
