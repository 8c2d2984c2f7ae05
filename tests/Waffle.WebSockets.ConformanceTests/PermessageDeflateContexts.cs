using System.Globalization;
using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.HandshakeServer;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 7692 7.2: how far back a message refers, on its own and into those before it.</summary>
public sealed class PermessageDeflateContexts(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    private const int LargestWindow = 32_768;

    [Theory]
    [InlineData(Deflate, "permessage-deflate; server_no_context_takeover")]
    [InlineData(Deflate, "permessage-deflate; server_no_context_takeover; server_max_window_bits=9")]
    [InlineData(DeflateFresh, "permessage-deflate")]
    public async Task With_server_no_context_takeover_each_message_stands_alone(string path, string offer)
    {
        await using var answer = await server.OfferAsync(path, offer);
        Assert.Contains("server_no_context_takeover", answer.AgreedParameters().Keys);
        var message = Text(400, words: 20);
        var first = await EchoAsync(answer.Peer, message);
        for (var i = 0; i < 3; i++)
        {
            var compressed = await EchoAsync(answer.Peer, message);
            Assert.Equal(first, compressed);
            Assert.Equal(message, new DeflateWalker().Read(compressed));
        }
    }

    [Fact]
    public async Task Without_it_a_message_refers_to_those_before()
    {
        await using var answer = await server.OfferAsync(Deflate, "permessage-deflate");
        var message = Text(400, words: 2_000);
        var walker = new DeflateWalker();
        var first = await EchoAsync(answer.Peer, message);
        Assert.Equal(message, walker.Read(first));

        var second = await EchoAsync(answer.Peer, message);
        Assert.Equal(message, walker.Read(second));
        Assert.True(second.Length < first.Length / 4);
    }

    // Each message is longer than the window, with something to find at every distance.
    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public async Task Nothing_that_we_send_refers_further_back_than_server_max_window_bits(int bits)
    {
        await using var answer = await server.OfferAsync(Deflate, $"permessage-deflate; server_max_window_bits={bits}");
        await ExpectReachAsync(answer.Peer, 1 << bits);
    }

    [Fact]
    public async Task Nothing_that_we_send_refers_further_back_than_32_KiB_and_much_refers_further_than_one()
    {
        await using var answer = await server.OfferAsync(Deflate, "permessage-deflate");
        await ExpectReachAsync(answer.Peer, LargestWindow);
    }

    [Theory]
    [InlineData("permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits=8")]
    public async Task Unless_it_was_agreed_otherwise_a_clients_message_may_refer_to_those_before(string offer)
    {
        await using var answer = await server.OfferAsync(Deflate, offer);
        Assert.DoesNotContain("client_no_context_takeover", answer.AgreedParameters().Keys);
        var walker = new DeflateWalker();
        byte[][] messages = [CompressedPeer.Hello, CompressedPeer.HelloAgain, CompressedPeer.HelloAgain];
        foreach (var message in messages)
        {
            await answer.Peer.SendCompressedAsync(message);
            Assert.Equal(Expectations.Utf8Bytes("Hello"), walker.Read(await answer.Peer.NextCompressedAsync()));

            // Neither side's context takes up what is not compressed, or a control frame.
            await answer.Peer.SendPingAsync("a ping");
            Assert.Equal(RawFrame.PongOpcode, (await answer.Peer.NextAsync()).Opcode);
        }
    }

    [Fact]
    public async Task What_a_client_sends_uncompressed_leaves_its_context_alone()
    {
        await using var answer = await server.OfferAsync(Deflate, "permessage-deflate");
        await answer.Peer.SendCompressedAsync(CompressedPeer.Hello);
        await answer.Peer.SendTextAsync("something else");
        await answer.Peer.SendCompressedAsync(CompressedPeer.HelloAgain);

        var walker = new DeflateWalker();
        Assert.Equal(Expectations.Utf8Bytes("Hello"), walker.Read(await answer.Peer.NextCompressedAsync()));
        Assert.Equal(Expectations.Utf8Bytes("something else"), walker.Read(await answer.Peer.NextCompressedAsync(RawFrame.TextOpcode)));
        Assert.Equal(Expectations.Utf8Bytes("Hello"), walker.Read(await answer.Peer.NextCompressedAsync()));
    }

    [Theory]
    [InlineData(Deflate, "permessage-deflate; client_no_context_takeover")]
    [InlineData(DeflateFresh, "permessage-deflate")]
    public async Task Where_client_no_context_takeover_was_agreed_nothing_is_kept_of_a_message(string path, string offer)
    {
        await using var answer = await server.OfferAsync(path, offer);
        Assert.Contains("client_no_context_takeover", answer.AgreedParameters().Keys);
        await answer.Peer.SendCompressedAsync(CompressedPeer.Hello);
        Assert.Equal(Expectations.Utf8Bytes("Hello"), ReadAlone(await answer.Peer.NextAsync()));

        await answer.Peer.SendCompressedAsync(CompressedPeer.HelloAgain);
        await answer.Peer.ExpectCloseAsync(CloseCode.InvalidFramePayloadData);
    }

    // Where the answer has no client_max_window_bits it is 32 KiB, whatever was offered.
    [Theory]
    [InlineData("permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits")]
    [InlineData("permessage-deflate; client_max_window_bits=8")]
    [InlineData("permessage-deflate; client_max_window_bits=10")]
    [InlineData("permessage-deflate; client_max_window_bits=15")]
    public async Task A_clients_message_may_refer_as_far_back_as_the_answer_says(string offer)
    {
        await using var answer = await server.OfferAsync(Deflate, offer);
        var window = answer.AgreedParameters().TryGetValue("client_max_window_bits", out var bits)
            ? 1 << int.Parse(bits!, CultureInfo.InvariantCulture)
            : LargestWindow;
        var before = new byte[40_000];
        new Random(window).NextBytes(before);
        var peer = new DeflatePeer();
        await answer.Peer.SendCompressedAsync(DeflateBlocks.Stored(before));
        Assert.Equal(before, peer.Inflate(await answer.Peer.NextCompressedAsync()));

        await answer.Peer.SendCompressedAsync(DeflateBlocks.RepeatThree(window));

        Assert.Equal(before[^window..^(window - 3)], peer.Inflate(await answer.Peer.NextCompressedAsync()));
    }

    private static async Task ExpectReachAsync(RawPeer peer, int window)
    {
        var walker = new DeflateWalker();
        for (var i = 0; i < 3; i++)
        {
            // So few words that it does get shorter, even where a small window is begun anew so often: else it would go out stored.
            var message = Text((window / 2) + 500, words: Math.Min(2_000, window / 8), seed: i);
            Assert.Equal(message, walker.Read(await EchoAsync(peer, message)));
        }

        // It does use what it has.
        Assert.InRange(walker.FurthestBack, window / 2, window);
    }

    private static async Task<byte[]> EchoAsync(RawPeer peer, byte[] message)
    {
        await peer.SendBinaryAsync(message);
        return await peer.NextCompressedAsync();
    }

    private static byte[] ReadAlone(RawFrame frame) =>
        frame.ReservedBits == CompressedPeer.Rsv1 ? new DeflateWalker().Read(frame.Payload) : frame.Payload;

    // Words of four bytes in an order of their own.
    private static byte[] Text(int length, int words, int seed = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (length / 4) + 1).SelectMany(_ => BitConverter.GetBytes(random.Next(words) * 7_919)).Take(length)];
    }
}
