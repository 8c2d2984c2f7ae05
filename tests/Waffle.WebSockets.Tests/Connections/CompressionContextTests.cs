using System.Globalization;
using System.IO.Compression;
using System.Text;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Protocol.OpeningHandshake;
using Waffle.WebSockets.Protocol.PermessageDeflate;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Contexts that are kept from message to message (RFC 7692 7.1.1), through everything that lies between the messages.</summary>
public sealed class CompressionContextTests
{
    private const int Rsv1 = CompressionModes.Rsv1;

    public static MatrixTheoryData<int, bool> Windows => new(Enumerable.Range(8, 8), [true, false]);

    [Fact]
    public async Task C31_messages_below_the_threshold_lie_between_compressed_ones_and_leave_the_contexts_alone()
    {
        const int Threshold = 512;
        await using var pair = MessageCompression.ContextTakeover.CreatePair(threshold: Threshold);
        using var hub = new WebSocketHub(time: pair.Time);
        var client = await hub.AddAsync(pair.Server);
        var peer = new DeflatePeer();
        for (var i = 0; i < 200; i++)
        {
            var text = Words(i, i % 2 == 0 ? 100 : 2000);
            var data = ConnectionTestExtensions.Utf8(text);
            var reservedBits = data.Length < Threshold ? 0 : Rsv1;
            var payload = reservedBits == 0 ? data : peer.Compress(data);
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, payload, reservedBits: reservedBits);
            Assert.Equal(text, await pair.Server.ReadTextAsync().Soon());

            await (i % 4 < 2 ? SendAsync() : BroadcastAsync());
            var frame = await pair.Client.NextAsync();
            Assert.Equal(reservedBits, frame.ReservedBits);
            Assert.Equal(data, peer.PayloadOf(frame));

            async Task SendAsync() => Assert.Equal(SendStatus.Queued, await client.SendTextAsync(text));

            async Task BroadcastAsync() => Assert.Equal(1, (await hub.BroadcastTextAsync(text)).Queued);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    public async Task C32_empty_messages_are_empty_and_leave_the_contexts_alone(int threshold)
    {
        await using var pair = MessageCompression.ContextTakeover.CreatePair(threshold: threshold);
        var peer = new DeflatePeer();
        byte[] full = ConnectionTestExtensions.Utf8(Words(1, 1000));
        byte[][] messages = [[], full, [], [], full, full, []];
        for (var i = 0; i < messages.Length; i++)
        {
            // The byte that stands for an empty message, or none at all, which can mean nothing else.
            var data = messages[i];
            var compressed = data.Length > 0 ? peer.Compress(data) : new byte[(i + 1) % 2];
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, compressed, reservedBits: Rsv1);
            Assert.Equal(data, ConnectionTestExtensions.Utf8(await pair.Server.ReadTextAsync().Soon()));

            await pair.Server.WriteTextAsync(Encoding.UTF8.GetString(data));
            await pair.Server.WriteBinaryAsync(data);
            foreach (var opcode in (byte[])[RawFrame.TextOpcode, RawFrame.BinaryOpcode])
            {
                var frame = await pair.Client.NextAsync();
                Assert.Equal((opcode, data.Length < threshold ? 0 : Rsv1), (frame.Opcode, frame.ReservedBits));
                Assert.Equal(data, peer.PayloadOf(frame));
                Assert.Equal(data.Length == 0 && threshold == 0, frame.Payload is [0]);
            }
        }
    }

    [Fact]
    public async Task C37_what_eight_threads_send_is_inflated_by_one_context_in_each_threads_order()
    {
        const int Threads = 8;
        const int Messages = 1000;
        await using var pair = MessageCompression.ContextTakeover.CreatePair(static options => options.PingInterval = TimeSpan.Zero);
        var sending = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            var random = new Random(thread);
            for (var i = 0; i < Messages; i++)
            {
                Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync(Text(thread, i, random)));
                _ = i % 50 == 0 ? pair.Server.PingAsync() : null;
            }
        })));
        var peer = new DeflatePeer();
        var pings = 0;
        var next = new int[Threads];
        var expected = Enumerable.Range(0, Threads).Select(thread => new Random(thread)).ToArray();
        while (next.Sum() < Threads * Messages)
        {
            var frame = await pair.Client.NextAsync();
            if (frame.Opcode == RawFrame.PingOpcode)
            {
                pings++;
                continue;
            }

            Assert.Equal(Rsv1, frame.ReservedBits);
            var text = Encoding.UTF8.GetString(peer.Inflate(frame.Payload));
            var thread = int.Parse(text.AsSpan(0, 1), CultureInfo.InvariantCulture);
            Assert.Equal(Text(thread, next[thread]++, expected[thread]), text);
        }

        await sending.Soon();
        Assert.NotEqual(0, pings);

        // 10 bytes to 100 KB, as many of each order of magnitude.
        static string Text(int thread, int number, Random random) =>
            $"{thread} {number:D6} {new string((char)('a' + thread), 1 + (int)Math.Pow(10, 5 * random.NextDouble()))}";
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task C38_neither_side_refers_further_back_than_agreed(int bits, bool allowTakeover)
    {
        // Without a context they are all alike.
        var messages = allowTakeover ? 1000 : 20;
        var offer = $"permessage-deflate; server_max_window_bits={bits}; client_max_window_bits={bits}";
        Assert.True(ExtensionHeader.TryParse(offer, out var offers));
        var agreement = DeflateNegotiation.Choose(offers, allowTakeover)!.Value;
        Assert.Equal(new DeflateAgreement(!allowTakeover, !allowTakeover, bits, bits), agreement);
        await using var pair = ConnectionPair.CreateCompressed(agreement);
        using var compressor = new MessageDeflater(bits, keepsContext: allowTakeover, CompressionLevel.Fastest);
        var walker = new DeflateWalker();
        for (var i = 0; i < messages; i++)
        {
            // As long as is compressed for such a window.
            var text = Words(i, Math.Min(8192, 8 << bits), words: 1 << (bits - 4));
            var data = ConnectionTestExtensions.Utf8(text);
            await pair.Client.SendBytesAsync(RawFrame.EncodeMessage(RawFrame.TextOpcode, Compress(compressor, data), 256, Rsv1));
            Assert.Equal(text, await pair.Server.ReadTextAsync().Soon());

            Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync(text));
            var frame = await pair.Client.NextAsync();
            Assert.Equal(Rsv1, frame.ReservedBits);
            Assert.True(data.AsSpan().SequenceEqual(walker.Read(frame.Payload)));
        }

        // It does use what it has: without a context, that is one message.
        var most = Math.Min(1 << bits, allowTakeover ? int.MaxValue : 8192);
        Assert.InRange(walker.FurthestBack, most / 2, most);
    }

    private static byte[] Compress(MessageDeflater compressor, byte[] message)
    {
        var plain = OutboundFrame.Rent(Opcode.Text, message);
        var compressed = FrameCompression.Compress(plain, compressor);
        byte[] bytes = [.. compressed.Payload];
        compressed.Release();
        plain.Release();
        return bytes;
    }

    // Words in an order of its own for each number: there is something to find at every distance.
    private static string Words(int number, int length, int words = 500)
    {
        var random = new Random(number);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(CultureInfo.InvariantCulture, $"{random.Next(words) * 7_919:x} ");
        }

        return text.ToString(0, length);
    }
}
