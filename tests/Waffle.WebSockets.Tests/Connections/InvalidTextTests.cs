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

        // Where a character begins, one that goes on, or the reverse. Not masked, so that the byte on the wire is the text's.
        var position = BadPiece * Piece;
        frame[position] = (byte)((frame[position] & 0xC0) == 0x80 ? 0x41 : 0x80);
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
