using System.Text;
using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 6.2: receiving messages.</summary>
public sealed class Receiving(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    [Fact]
    public async Task Any_split_of_the_bytes_gives_the_same_messages()
    {
        byte[] bytes =
        [
            .. Frame(RawFrame.TextOpcode, Utf8Bytes("3 €")),
            .. Frame(RawFrame.BinaryOpcode, new byte[130]),
            .. Frame(RawFrame.TextOpcode, Utf8Bytes("in "), isFinal: false),
            .. Frame(RawFrame.PongOpcode, Utf8Bytes("x")),
            .. Frame(RawFrame.Continuation, Utf8Bytes("two")),
            .. Frame(RawFrame.BinaryOpcode),
        ];
        List<int> sizes = [.. Enumerable.Range(1, 20), .. Enumerable.Range(bytes.Length - 20, 21)];
        foreach (var size in sizes)
        {
            // So small that each piece is read before the next one is there.
            await using var pair = ConnectionPair.Create(capacity: 1);
            var sending = SendAsync(pair.Client, bytes, size);
            List<string> received = [];
            for (var i = 0; i < 4; i++)
            {
                var message = await pair.Server.ReadAsync().Soon();
                received.Add($"{message.Kind} {Encoding.UTF8.GetString(message.Data.Span)}");
            }

            Assert.Equal(["Text 3 €", $"Binary {new string('\0', 130)}", "Text in two", "Binary "], received);
            await sending.Soon();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_460)]
    [InlineData(10_000)]
    public async Task A_real_connection_is_read_the_same_way(int size)
    {
        byte[] bytes =
        [
            .. Frame(RawFrame.TextOpcode, Utf8Bytes("in "), isFinal: false),
            .. Frame(RawFrame.Continuation, Utf8Bytes("two")),
            .. Frame(RawFrame.BinaryOpcode, new byte[2_000]),
        ];
        await using var peer = await server.Host.ConnectPeerAsync(HandshakeServer.Echo);
        await peer.SendPingAsync("first");
        Assert.Equal("first", (await peer.NextAsync()).Text);
        var sending = SendAsync(peer, bytes, size);

        Assert.Equal("in two", (await peer.NextAsync()).Text);
        Assert.Equal(2_000, (await peer.NextAsync()).Payload.Length);
        await sending.Soon();
    }

    [Fact]
    public async Task Control_frames_are_handled_and_not_delivered()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendPongAsync();
        await pair.Client.SendPingAsync("1");
        Assert.Equal("1", (await pair.Client.NextAsync()).Text);
        await pair.Client.SendTextAsync("first");
        await pair.Client.SendPingAsync("2");
        Assert.Equal("2", (await pair.Client.NextAsync()).Text);
        await pair.Client.SendTextAsync("second");
        await pair.Client.SendCloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);

        List<string> messages = [];
        await foreach (var message in pair.Server.ReadAllAsync())
        {
            messages.Add(message.GetText());
        }

        Assert.Equal(["first", "second"], messages);
    }

    [Fact]
    public async Task A_message_has_the_type_of_its_opcode()
    {
        await using var pair = ConnectionPair.Create();
        foreach (var kind in (MessageKind[])[MessageKind.Text, MessageKind.Binary, MessageKind.Binary, MessageKind.Text])
        {
            await pair.Client.SendFrameAsync(kind == MessageKind.Text ? RawFrame.TextOpcode : RawFrame.BinaryOpcode, Utf8Bytes("same"));
            Assert.Equal(kind, (await pair.Server.ReadAsync().Soon()).Kind);
        }
    }

    [Fact]
    public async Task The_frame_after_a_finished_message_starts_a_new_one()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("one");
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, Utf8Bytes("t"), isFinal: false);
        await pair.Client.SendFrameAsync(RawFrame.Continuation, Utf8Bytes("wo"));
        await pair.Client.SendTextAsync("three");

        Assert.Equal("one", await pair.Server.ReadTextAsync().Soon());
        Assert.Equal(Utf8Bytes("two"), await pair.Server.ReadBinaryAsync().Soon());
        Assert.Equal("three", await pair.Server.ReadTextAsync().Soon());
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("01020408")]
    [InlineData("80000001")]
    public async Task The_mask_is_removed(string hex)
    {
        var mask = Convert.FromHexString(hex);
        await using var pair = ConnectionPair.Create();
        foreach (var length in (int[])[0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 1_000, 5_001])
        {
            var data = new byte[length];
            new Random(length).NextBytes(data);
            await pair.Client.SendBytesAsync(RawFrame.Encode(RawFrame.BinaryOpcode, data, mask: mask));
            Assert.Equal(data, await pair.Server.ReadBinaryAsync().Soon());
        }
    }

    [Fact]
    public async Task Each_fragment_has_a_mask_of_its_own()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBytesAsync(RawFrame.Encode(RawFrame.TextOpcode, "abcde"u8, isFinal: false, mask: [1, 2, 3, 4]));
        await pair.Client.SendBytesAsync(RawFrame.Encode(RawFrame.PongOpcode, "x"u8, mask: [9, 9, 9, 9]));
        await pair.Client.SendBytesAsync(RawFrame.Encode(RawFrame.Continuation, "fghij"u8, mask: [50, 60, 70, 80]));

        Assert.Equal("abcdefghij", await pair.Server.ReadTextAsync().Soon());
    }

    private static async Task SendAsync(RawPeer client, byte[] bytes, int size)
    {
        foreach (var piece in bytes.Chunk(size))
        {
            await client.SendBytesAsync(piece);
        }
    }
}
