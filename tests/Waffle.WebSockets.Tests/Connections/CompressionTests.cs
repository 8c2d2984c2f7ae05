using System.IO.Compression;
using System.Text;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Protocol.PermessageDeflate;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Compressed messages on a connection, both ways (RFC 7692 6).</summary>
public sealed class CompressionTests
{
    private const int Rsv1 = CompressionModes.Rsv1;

    private static readonly DeflateAgreement _alone = new(true, true);
    private static readonly DeflateAgreement _takeover = new(false, false);
    private static readonly byte[] _text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Waffles für alle. ", 50)));

    // Only its header is sent.
    [Theory]
    [InlineData(1000 + 250 + 64, false)]
    [InlineData(1000 + 250 + 65, true)]
    public async Task A_compressed_message_may_be_longer_than_the_limit_by_a_quarter_and_no_more(int length, bool isRefused)
    {
        await using var pair = ConnectionPair.CreateCompressed(_alone, configure: static options => options.MaxMessageSize = 1000);
        var frame = RawFrame.EncodeMessage(RawFrame.BinaryOpcode, new byte[length], reservedBits: Rsv1);
        await pair.Client.SendBytesAsync(frame.AsMemory(0, frame.Length - length));
        if (isRefused)
        {
            await pair.Client.ExpectCloseAsync(CloseCode.MessageTooBig);
            return;
        }

        // Not refused by its length, but for what it is.
        await pair.Client.SendBytesAsync(frame.AsMemory(frame.Length - length));
        await pair.Client.ExpectCloseAsync(CloseCode.InvalidFramePayloadData);
    }

    public static MatrixTheoryData<CompressionLevel, int> Pieces => new(Enum.GetValues<CompressionLevel>(), [64, 1000, 32 * 1024]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_both_kinds_come_in_whole_or_in_fragments(bool takeover)
    {
        await using var pair = ConnectionPair.CreateCompressed(takeover ? _takeover : _alone);
        var peer = new DeflatePeer(keepsWindow: takeover);
        for (var i = 0; i < 3; i++)
        {
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, peer.Compress(_text), reservedBits: Rsv1);
            Assert.Equal(_text, Encoding.UTF8.GetBytes(await pair.Server.ReadTextAsync().Soon()));

            // Not compressed: the peer may choose so for each message, and its context is not touched.
            await pair.Client.SendTextAsync("plain");
            Assert.Equal("plain", await pair.Server.ReadTextAsync().Soon());

            var compressed = peer.Compress(_text);
            await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, compressed.AsMemory(0, 1), isFinal: false, reservedBits: Rsv1);
            await pair.Client.SendPingAsync("between");
            await pair.Client.SendFrameAsync(RawFrame.Continuation, compressed.AsMemory(1, 5), isFinal: false);
            await pair.Client.SendFrameAsync(RawFrame.Continuation, compressed.AsMemory(6));
            Assert.Equal(_text, await pair.Server.ReadBinaryAsync().Soon());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sent_is_compressed_from_the_threshold_on_unless_the_sender_says(bool takeover)
    {
        await using var pair = ConnectionPair.CreateCompressed(takeover ? _takeover : _alone, threshold: 100);
        using var hub = new WebSocketHub(time: pair.Time);
        var client = await hub.AddAsync(pair.Server);
        var peer = new DeflatePeer(keepsWindow: takeover);
        var (shortText, longText) = (new string('a', 99), new string('b', 100));
        foreach (var (text, compress, isCompressed) in ((string, bool?, bool)[])
            [
                (shortText, null, false), (longText, null, true), (longText, false, false), (shortText, true, true), (longText, null, true),
            ])
        {
            var options = new SendOptions { Compress = compress };
            await client.SendTextAsync(text, options);
            await hub.BroadcastTextAsync(text, options);
            for (var i = 0; i < 2; i++)
            {
                var frame = await pair.Client.NextAsync();
                Assert.Equal((RawFrame.TextOpcode, isCompressed ? Rsv1 : 0), (frame.Opcode, frame.ReservedBits));
                Assert.Equal(text, Encoding.UTF8.GetString(peer.PayloadOf(frame)));
            }
        }

        pair.Server.Abort();
    }

    [Fact]
    public async Task What_would_grow_goes_out_as_it_is_where_each_message_stands_alone()
    {
        var noise = new byte[1000];
        new Random(7692).NextBytes(noise);
        await using var pair = ConnectionPair.CreateCompressed(_alone);
        await pair.Server.WriteBinaryAsync(noise);

        var frame = await pair.Client.NextAsync();
        Assert.Equal((0, 1000), (frame.ReservedBits, frame.Payload.Length));
    }

    [Fact]
    public async Task Control_frames_are_never_compressed()
    {
        await using var pair = ConnectionPair.CreateCompressed(_takeover);
        _ = pair.Server.PingAsync();
        Assert.Equal((RawFrame.PingOpcode, 0), await NextAsync(pair));
        await pair.Client.SendPingAsync(new string('p', 125));
        Assert.Equal((RawFrame.PongOpcode, 0), await NextAsync(pair));
        pair.Server.BeginClose(CloseCode.NormalClosure, new string('r', 100));
        Assert.Equal((RawFrame.CloseOpcode, 0), await NextAsync(pair));
    }

    [Theory]
    [InlineData(RawFrame.PingOpcode, Rsv1)]
    [InlineData(RawFrame.TextOpcode, Rsv1 | 2)]
    [InlineData(RawFrame.TextOpcode, 1)]
    public async Task Any_reserved_bit_but_RSV1_on_a_message_is_1002(byte opcode, int reservedBits)
    {
        await using var pair = ConnectionPair.CreateCompressed(_alone);
        await pair.Client.SendFrameAsync(opcode, reservedBits: reservedBits);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
    }

    // Behind the first frame of a message that is compressed, and of one that is not.
    [Theory]
    [InlineData(Rsv1, RawFrame.Continuation)]
    [InlineData(0, RawFrame.Continuation)]
    [InlineData(Rsv1, RawFrame.PingOpcode)]
    [InlineData(0, RawFrame.PingOpcode)]
    public async Task C13_RSV1_behind_the_first_frame_is_1002_and_no_part_of_the_message_is_delivered(int first, byte opcode)
    {
        await using var pair = ConnectionPair.CreateCompressed(_takeover);
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, "Hi"u8.ToArray(), isFinal: false, reservedBits: first);
        await pair.Client.SendFrameAsync(opcode, reservedBits: Rsv1);

        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        var error = await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().Soon());
        Assert.Equal(CloseCode.ProtocolError, error.Close.Code);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(256)]
    public async Task C34_64_KiB_that_inflate_to_5_MiB_arrive_whole_and_what_inflates_over_the_limit_closes_with_1009(int fragmentLength)
    {
        // Of each 40 KiB the beginning is noise and the rest zeros.
        var message = new byte[5 * 1024 * 1024];
        var random = new Random(34);
        for (var at = 0; at < message.Length; at += 40 * 1024)
        {
            random.NextBytes(message.AsSpan(at, 450));
        }

        var peer = new DeflatePeer();
        await using var pair = MessageCompression.ContextTakeover.CreatePair(static options => options.MaxMessageSize = 8 * 1024 * 1024);
        Assert.InRange(await SendAsync(message), 56 * 1024, 72 * 1024);
        var received = await pair.Server.ReadBinaryAsync().Soon();
        Assert.True(message.AsSpan().SequenceEqual(received));

        await SendAsync([.. message, .. message]);
        await pair.Client.ExpectCloseAsync(CloseCode.MessageTooBig);
        await Assert.ThrowsAsync<MessageTooBigException>(() => pair.Server.ReadAsync().Soon());

        async Task<int> SendAsync(byte[] data)
        {
            var compressed = peer.Compress(data);
            await pair.Client.SendBytesAsync(RawFrame.EncodeMessage(RawFrame.BinaryOpcode, compressed, fragmentLength, Rsv1));
            return compressed.Length;
        }
    }

    [Theory]
    [InlineData("F248CDC9C9")]
    [InlineData("F248CDC9C9070055")]
    [InlineData("FFFFFF")]
    [InlineData("F200110000")]
    public async Task What_cannot_be_inflated_closes_with_1007(string hex)
    {
        await using var pair = ConnectionPair.CreateCompressed(_takeover);
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, Convert.FromHexString(hex), reservedBits: Rsv1);

        await pair.Client.ExpectCloseAsync(CloseCode.InvalidFramePayloadData);
        var error = await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().Soon());
        Assert.Equal("RFC 7692 7.2.2", error.Section);
    }

    [Fact]
    public async Task A_message_that_inflates_over_the_limit_closes_with_1009()
    {
        await using var pair = ConnectionPair.CreateCompressed(_alone, configure: static options => options.MaxMessageSize = 1000);
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new DeflatePeer().Compress(new byte[1000]), reservedBits: Rsv1);
        Assert.Equal(1000, (await pair.Server.ReadBinaryAsync().Soon()).Length);

        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new DeflatePeer().Compress(new byte[64 * 1024 * 1024]).AsMemory(0, 900), reservedBits: Rsv1);
        await pair.Client.ExpectCloseAsync(CloseCode.MessageTooBig);
        var error = await Assert.ThrowsAsync<MessageTooBigException>(() => pair.Server.ReadAsync().Soon());
        Assert.Equal((1000, 1001), (error.Limit, error.Size));
    }

    // As one piece, or flushed again and again, as clients do that compress each fragment by itself.
    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task What_does_not_compress_may_be_as_large_as_the_limit(CompressionLevel level, int pieceLength)
    {
        var noise = new byte[32 * 1024];
        new Random(1951).NextBytes(noise);
        var peer = new DeflatePeer(level);
        byte[] compressed = [.. noise.Chunk(pieceLength).SelectMany(piece => (byte[])[.. peer.Compress(piece), 0, 0, 0xFF, 0xFF])];
        await using var pair = ConnectionPair.CreateCompressed(_takeover);
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, compressed.AsMemory(0, compressed.Length - 4), reservedBits: Rsv1);

        Assert.Equal(noise, await pair.Server.ReadBinaryAsync().Soon());
    }

    [Fact]
    public async Task A_broadcast_is_compressed_once_for_all_who_agreed_on_the_same_window()
    {
        using var hub = new WebSocketHub();
        var pairs = new List<ConnectionPair>();
        foreach (var bits in (int?[])[15, 15, 15, 9, 9])
        {
            pairs.Add(ConnectionPair.CreateCompressed(new DeflateAgreement(true, true, bits)));
            await hub.AddAsync(pairs[^1].Server);
        }

        pairs.Add(ConnectionPair.Create());
        pairs.Add(ConnectionPair.CreateCompressed(_takeover));
        await hub.AddAsync(pairs[^2].Server);
        await hub.AddAsync(pairs[^1].Server);
        AssertOneFormForEachWindow([.. pairs[..5].Select(pair => hub.GetRequiredClient(pair.Server.Id))]);

        Assert.Equal(7, (await hub.BroadcastTextAsync(Encoding.UTF8.GetString(_text))).Queued);
        var frames = new List<RawFrame>();
        foreach (var pair in pairs)
        {
            frames.Add(await pair.Client.NextAsync());
        }

        Assert.All(frames[..3], frame => Assert.Equal(frames[0].Payload, frame.Payload));
        Assert.Equal(frames[3].Payload, frames[4].Payload);
        Assert.All(frames[..5], frame => Assert.Equal(_text, new DeflatePeer().Inflate(frame.Payload)));
        Assert.Equal((0, Rsv1), (frames[5].ReservedBits, frames[6].ReservedBits));
        Assert.Equal(_text, new DeflatePeer().Inflate(frames[6].Payload));
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }
    }

    // The window is the client's choice, and what it costs must not be.
    [Theory]
    [InlineData(8, 2048)]
    [InlineData(9, 4096)]
    [InlineData(10, 8192)]
    [InlineData(11, 16 * 1024)]
    [InlineData(12, int.MaxValue)]
    [InlineData(15, int.MaxValue)]
    public async Task C38_a_message_of_more_than_eight_small_windows_goes_out_as_it_is(int bits, int longest)
    {
        foreach (var isAlone in (bool[])[true, false])
        {
            await using var pair = ConnectionPair.CreateCompressed(new DeflateAgreement(isAlone, isAlone, bits), capacity: 1024 * 1024);
            using var hub = new WebSocketHub(time: pair.Time);
            var client = await hub.AddAsync(pair.Server);
            var peer = new DeflatePeer(keepsWindow: !isAlone);
            foreach (var length in (int[])[1000, Math.Min(longest, 100_000), Math.Min(longest, 100_000) + 1, 1000])
            {
                var text = string.Concat(Enumerable.Repeat("waffles ", (length / 8) + 1))[..length];
                await client.SendTextAsync(text, new SendOptions { Compress = true });
                await hub.BroadcastTextAsync(text);
                for (var i = 0; i < 2; i++)
                {
                    var frame = await pair.Client.NextAsync();
                    Assert.Equal(length <= longest ? Rsv1 : 0, frame.ReservedBits);
                    Assert.Equal(text, Encoding.UTF8.GetString(peer.PayloadOf(frame)));
                }
            }

            pair.Server.Abort();
        }
    }

    // The first three have one window, the last two another: the same frame, not one like it.
    private static void AssertOneFormForEachWindow(HubClient[] clients)
    {
        var group = new MemberGroup("room");
        Assert.All(clients, client => Assert.True(group.TryAdd(new Membership(client, group))));
        var plain = OutboundFrame.Rent(Opcode.Text, _text);
        var forms = new FrameForms(new MemberGroups(group), plain, isWanted: null);
        var ofAll = new List<OutboundFrame>();
        foreach (var client in clients)
        {
            ofAll.Add(forms.For(client.Connection.Compression, out var isFinished));
            Assert.True(isFinished);
        }

        Assert.All(ofAll[..3], form => Assert.Same(ofAll[0], form));
        Assert.Same(ofAll[3], ofAll[4]);
        Assert.Distinct([plain, ofAll[0], ofAll[3]]);
        forms.Release();
        plain.Release();
    }

    private static async Task<(byte Opcode, int ReservedBits)> NextAsync(ConnectionPair pair)
    {
        var frame = await pair.Client.NextAsync();
        return (frame.Opcode, frame.ReservedBits);
    }
}
