using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Text whose characters are cut where it is received, and bytes that are no text right after such a cut.</summary>
public sealed class InvalidTextTests
{
    [Theory]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("😀")]
    [InlineData("aé€😀")]
    public async Task C09_64_KiB_in_pieces_of_seven_bytes_arrive_unchanged_and_a_bad_byte_after_a_cut_closes_with_1007(string characters)
    {
        const int Piece = 7;
        const int BadPiece = 9_000;
        await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = 128 * 1024, capacity: 1);
        var text = string.Concat(Enumerable.Repeat(characters, 64 * 1024 / Encoding.UTF8.GetByteCount(characters)));
        var frame = Frame(RawFrame.TextOpcode, ConnectionTestExtensions.Utf8(text));
        await SendAsync(pair.Client, frame.Chunk(Piece));
        Assert.Equal(text, await pair.Server.ReadTextAsync().Soon());

        // Masked with zeros, so that the byte on the wire is the text's.
        var position = BadPiece * Piece;
        frame[position] = Wrong(frame[position]);
        await SendAsync(pair.Client, frame[..(position + 1)].Chunk(Piece));
        await ExpectFailureAsync(pair);
    }

    [Fact]
    public async Task C10_a_character_that_ASCII_breaks_in_the_reason_of_a_Close_closes_with_1007()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBytesAsync(Frame(RawFrame.CloseOpcode, [.. RawFrame.ClosePayload(1000), 0xE2, 0x82, 0x41]));
        await ExpectFailureAsync(pair);
    }

    [Fact]
    public async Task C10_a_character_that_the_next_fragment_breaks_closes_with_1007_though_a_ping_came_between()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBytesAsync(Frame(RawFrame.TextOpcode, [0xE2, 0x82], isFinal: false));
        await pair.Client.SyncAsync();
        await pair.Client.SendBytesAsync(Frame(RawFrame.Continuation, [0x41]));
        await ExpectFailureAsync(pair);
    }

    public static MatrixTheoryData<string, int> Cuts => new(["é", "€", "😀", "aé€😀"], [4096, 8192, 16 * 1024]);

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task C09_compressed_text_arrives_unchanged_and_a_bad_byte_where_an_inflater_may_pause_closes_with_1007(
        string characters, int chunk)
    {
        await using var pair = MessageCompression.ContextTakeover.CreatePair(options => options.MaxMessageSize = 128 * 1024, capacity: 1);
        var peer = new DeflatePeer();

        // With one byte before them, so that characters of two and four bytes are cut there, too.
        var text = "x" + string.Concat(Enumerable.Repeat(characters, 64 * 1024 / Encoding.UTF8.GetByteCount(characters)));
        var data = ConnectionTestExtensions.Utf8(text);
        await SendCompressedAsync();
        Assert.Equal(text, await pair.Server.ReadTextAsync().Soon());

        data[chunk] = Wrong(data[chunk]);
        await SendCompressedAsync();
        await ExpectFailureAsync(pair);

        Task SendCompressedAsync() => SendAsync(
            pair.Client, RawFrame.EncodeMessage(RawFrame.TextOpcode, peer.Compress(data), reservedBits: CompressionModes.Rsv1).Chunk(7));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(2)]
    public async Task C10_a_compressed_character_that_ASCII_breaks_closes_with_1007(int fragmentLength)
    {
        await using var pair = MessageCompression.ContextTakeover.CreatePair();
        var compressed = new DeflatePeer().Compress([0xE2, 0x82, 0x41]);
        var isWhole = fragmentLength > compressed.Length;
        fragmentLength = Math.Min(fragmentLength, compressed.Length);
        await pair.Client.SendFrameAsync(
            RawFrame.TextOpcode, compressed.AsMemory(0, fragmentLength), isWhole, reservedBits: CompressionModes.Rsv1);
        if (!isWhole)
        {
            await pair.Client.SyncAsync();
            await pair.Client.SendFrameAsync(RawFrame.Continuation, compressed.AsMemory(fragmentLength));
        }

        await ExpectFailureAsync(pair);
    }

    // Where a character begins, one that goes on, or the reverse.
    private static byte Wrong(byte right) => (byte)((right & 0xC0) == 0x80 ? 0x41 : 0x80);

    private static byte[] Frame(byte opcode, byte[] payload, bool isFinal = true) => RawFrame.Encode(opcode, payload, isFinal, mask: new byte[4]);

    private static async Task SendAsync(RawPeer peer, IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces)
        {
            await peer.SendBytesAsync(piece);
        }
    }

    // Nothing of the message is delivered.
    private static async Task ExpectFailureAsync(ConnectionPair pair)
    {
        await pair.Client.ExpectCloseAsync(CloseCode.InvalidFramePayloadData);
        await pair.Client.EndAsync();
        var thrown = await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().Soon());
        Assert.Equal(CloseCode.InvalidFramePayloadData, thrown.Close.Code);
        Assert.Null(await pair.Client.ReadFrameAsync());
    }
}
