using System.Text;
using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.CompressedPeer;
using static Waffle.WebSockets.ConformanceTests.Expectations;
using static Waffle.WebSockets.ConformanceTests.HandshakeServer;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 7692 6 and 7.2: how messages are marked, compressed and inflated.</summary>
public sealed class PermessageDeflateFraming(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    private const string Offer = "permessage-deflate";

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    [Theory]
    [InlineData(Deflate)]
    [InlineData(DeflateFresh)]
    public async Task A_compressed_message_is_marked_on_its_first_frame_and_keeps_its_opcode(string path)
    {
        await using var answer = await server.OfferAsync(path, Offer);
        var peer = new DeflatePeer(keepsWindow: path == Deflate);
        foreach (var opcode in (byte[])[RawFrame.TextOpcode, RawFrame.BinaryOpcode])
        {
            var message = Utf8Bytes(string.Concat(Enumerable.Repeat("Waffles für alle. ", 100)));
            await answer.Peer.SendFrameAsync(opcode, message);

            var compressed = await answer.Peer.NextCompressedAsync(opcode);
            Assert.True(compressed.Length < message.Length / 4);
            Assert.Equal(message, peer.Inflate(compressed));
        }
    }

    [Fact]
    public async Task An_uncompressed_message_goes_out_unmarked_and_as_it_is()
    {
        var noise = new byte[1_000];
        new Random(7692).NextBytes(noise);
        await using var answer = await server.OfferAsync(DeflateFresh, Offer);
        await answer.Peer.SendBinaryAsync(noise);

        var frame = await answer.Peer.NextAsync();
        Assert.Equal((true, 0, RawFrame.BinaryOpcode), (frame.IsFinal, frame.ReservedBits, frame.Opcode));
        Assert.Equal(noise, frame.Payload);
    }

    [Fact]
    public async Task Control_frames_that_we_send_are_not_marked_or_compressed()
    {
        var payload = new string('x', 123);
        await using var answer = await server.OfferAsync(Deflate, Offer);
        await answer.Peer.SendPingAsync(payload);
        await answer.Peer.SendCloseAsync(1000, payload);

        var pong = await answer.Peer.NextAsync();
        Assert.Equal((RawFrame.PongOpcode, 0, payload), (pong.Opcode, pong.ReservedBits, pong.Text));
        var close = await answer.Peer.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Equal(0, close.ReservedBits);
    }

    [Theory]
    [InlineData(RawFrame.Continuation)]
    [InlineData(RawFrame.CloseOpcode)]
    [InlineData(RawFrame.PingOpcode)]
    [InlineData(RawFrame.PongOpcode)]
    public async Task A_mark_on_any_but_the_first_frame_of_a_message_closes_with_1002(byte opcode)
    {
        await using var answer = await server.OfferAsync(Deflate, Offer);
        await answer.Peer.SendFrameAsync(RawFrame.TextOpcode, Hello.AsMemory(0, 3), isFinal: false, reservedBits: Rsv1);
        await answer.Peer.SendFrameAsync(opcode, opcode == RawFrame.Continuation ? Hello.AsMemory(3) : default, reservedBits: Rsv1);

        await answer.Peer.ExpectCloseAsync(CloseCode.ProtocolError);
        Assert.Null(await answer.Peer.ReadFrameAsync());
    }

    [Theory]
    [InlineData("F248CDC9C90700")] // a fixed code
    [InlineData("000500FAFF48656C6C6F00")] // stored
    [InlineData("F348CDC9C9070000")] // a final block
    [InlineData("F24805000000FFFFCAC9C90700")] // two blocks
    [InlineData("F348CDC9C90700010000FFFF00")] // final blocks, the second of them empty
    public async Task Hello_is_received_in_each_form_that_it_may_have(string hex)
    {
        await using var answer = await server.OfferAsync(DeflateFresh, Offer);
        await answer.Peer.SendCompressedAsync(Convert.FromHexString(hex), RawFrame.TextOpcode);

        Assert.Equal("Hello", await ReadTextAsync(answer.Peer));
    }

    [Fact]
    public async Task A_compressed_message_is_received_however_it_was_fragmented()
    {
        await using var answer = await server.OfferAsync(DeflateFresh, Offer);
        for (var first = 0; first <= Hello.Length; first++)
        {
            for (var second = first; second <= Hello.Length; second++)
            {
                await answer.Peer.SendFrameAsync(RawFrame.TextOpcode, Hello.AsMemory(0, first), isFinal: false, reservedBits: Rsv1);
                await answer.Peer.SendPingAsync("between");
                await answer.Peer.SendFrameAsync(RawFrame.Continuation, Hello.AsMemory(first, second - first), isFinal: false);
                await answer.Peer.SendFrameAsync(RawFrame.Continuation, Hello.AsMemory(second));

                Assert.Equal(RawFrame.PongOpcode, (await answer.Peer.NextAsync()).Opcode);
                Assert.Equal("Hello", await ReadTextAsync(answer.Peer));
            }
        }
    }

    // The fragments are what a sender makes who has only a part of the message: flushed, and not cut.
    [Fact]
    public async Task A_fragment_that_ends_with_a_whole_empty_block_goes_on_with_the_next()
    {
        await using var answer = await server.OfferAsync(DeflateFresh, Offer);
        await answer.Peer.SendFrameAsync(
            RawFrame.TextOpcode, Convert.FromHexString("F24805000000FFFF"), isFinal: false, reservedBits: Rsv1);
        await answer.Peer.SendFrameAsync(RawFrame.Continuation, Convert.FromHexString("CAC9C90700"));

        Assert.Equal("Hello", await ReadTextAsync(answer.Peer));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0300")]
    public async Task An_empty_message_is_received_and_sent(string hex)
    {
        await using var answer = await server.OfferAsync(Deflate, Offer);
        await answer.Peer.SendCompressedAsync(Convert.FromHexString(hex));

        Assert.Equal([0], await answer.Peer.NextCompressedAsync());
    }

    [Fact]
    public async Task An_uncompressed_message_is_received_as_it_is()
    {
        await using var answer = await server.OfferAsync(Deflate, Offer);
        await answer.Peer.SendBinaryAsync(Hello);

        Assert.Equal(Hello, new DeflateWalker().Read(await answer.Peer.NextCompressedAsync()));
    }

    [Fact]
    public async Task Compressed_text_need_not_be_UTF_8_and_what_it_inflates_to_must_be()
    {
        await using var answer = await server.OfferAsync(Deflate, Offer);
        Assert.ThrowsAny<ArgumentException>(() => _strict.GetString(Hello));
        await answer.Peer.SendCompressedAsync(Hello, RawFrame.TextOpcode);
        Assert.Equal("Hello", await ReadTextAsync(answer.Peer));
        await answer.Peer.SendCompressedAsync(DeflateBlocks.Stored([0xE2, 0x82, 0x41]), RawFrame.TextOpcode);

        await answer.Peer.ExpectCloseAsync(CloseCode.InvalidFramePayloadData);
    }

    [Theory]
    [InlineData("FFFFFF")] // no such block
    [InlineData("F248CDC9C9")] // cut off
    [InlineData("F248CDC9C9070055")] // more behind the end
    [InlineData("F200110000")] // a reference to nothing
    public async Task What_cannot_be_inflated_closes_with_1007(string hex)
    {
        await using var answer = await server.OfferAsync(Deflate, Offer);
        await answer.Peer.SendCompressedAsync(Convert.FromHexString(hex));

        await answer.Peer.ExpectCloseAsync(CloseCode.InvalidFramePayloadData);
        Assert.Null(await answer.Peer.ReadFrameAsync());
    }

    // The walker reads on to the end of the tail that was cut off, and refuses a final block.
    [Theory]
    [InlineData(Deflate)]
    [InlineData(DeflateFresh)]
    public async Task What_we_send_is_DEFLATE_without_its_tail_and_without_a_final_block(string path)
    {
        await using var answer = await server.OfferAsync(path, Offer);
        var walker = new DeflateWalker();
        foreach (var length in (int[])[1, 2, 100, 1_000, 5_000])
        {
            // Of a few letters, so that it is shorter even if it stands alone.
            var message = new string('a', length) + new string('b', 20);
            await answer.Peer.SendTextAsync(message);

            var compressed = await answer.Peer.NextCompressedAsync(RawFrame.TextOpcode);
            Assert.Equal(message, Encoding.UTF8.GetString(walker.Read(compressed)));
            Assert.False(compressed is [.., 0, 0, 0xFF, 0xFF]);
        }
    }

    private static async Task<string> ReadTextAsync(RawPeer peer)
    {
        var frame = await peer.NextAsync();
        Assert.Equal(RawFrame.TextOpcode, frame.Opcode);
        return Encoding.UTF8.GetString(frame.ReservedBits == Rsv1 ? new DeflateWalker().Read(frame.Payload) : frame.Payload);
    }
}
