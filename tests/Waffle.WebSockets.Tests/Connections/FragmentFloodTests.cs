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

    public static MatrixTheoryData<MessageCompression, bool> Floods => new(Enum.GetValues<MessageCompression>(), [true, false]);

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task C11_a_million_empty_fragments_close_with_1008_whether_or_not_an_end_follows(
        MessageCompression compression, bool isEnded)
    {
        await using var pair = compression.CreatePair(capacity: 4096);
        var flood = SendMillionAsync(pair.Client, compression.ReservedBits(), isEnded);
        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
        await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().Soon());
        await flood.Soon();
    }

    [Theory]
    [InlineData(MessageCompression.Disabled)]
    [InlineData(MessageCompression.ContextTakeover)]
    public async Task C11_a_million_empty_fragments_without_a_limit_are_an_empty_message_at_their_end(MessageCompression compression)
    {
        await using var pair = compression.CreatePair(options => options.MaxFragments = int.MaxValue);
        var flood = SendMillionAsync(pair.Client, compression.ReservedBits(), isEnded: true);
        Assert.Equal(string.Empty, await pair.Server.ReadTextAsync().Soon());
        await flood.Soon();
        await pair.Client.SyncAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C11_with_RSV1_on_the_first_frame_and_no_compression_they_close_with_1002_at_once(bool isEnded)
    {
        await using var pair = ConnectionPair.Create(capacity: 4096);
        var flood = SendMillionAsync(pair.Client, reservedBits: 4, isEnded);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().Soon());
        await flood.Soon();
    }

    // Stops when the server has ended the stream.
    private static async Task SendMillionAsync(RawPeer peer, int reservedBits, bool isEnded)
    {
        const int AtOnce = 1000;
        var next = RawFrame.Encode(RawFrame.Continuation, [], isFinal: false, mask: new byte[4]);
        byte[] many = [.. Enumerable.Repeat(next, AtOnce).SelectMany(frame => frame)];
        await peer.SendFrameAsync(RawFrame.TextOpcode, isFinal: false, reservedBits: reservedBits);
        for (var i = 0; i < 1_000_000 / AtOnce; i++)
        {
            if ((await peer.Transport.Output.WriteAsync(many)).IsCompleted)
            {
                return;
            }
        }

        if (isEnded)
        {
            await peer.SendFrameAsync(RawFrame.Continuation);
        }
    }
}
