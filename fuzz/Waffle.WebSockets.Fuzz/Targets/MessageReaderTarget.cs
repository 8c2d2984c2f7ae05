using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>All that a peer sends after the handshake: frames, messages, compression, text, closing.</summary>
/// <remarks>
/// Input: settings (4: compression; the others are limits), the bits of the window, sizes of pieces, then what was received.
/// </remarks>
internal sealed class MessageReaderTarget(string name, EndpointRole role) : IFuzzTarget
{
    private static readonly MessageLimits[] _limits = [new(5000, 50), new(300, 50), new(30, 5), new(1, 1)];

    public string Name => name;

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. FramesOf(role), .. TargetParts.Words("Hello", "\u00E9", "\u20AC", "\U0001F600"), [0xED, 0xA0, 0x80],
        [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], [0xF2, 0x00, 0x11, 0x00, 0x00], [0x00, 0x00, 0xFF, 0xFF],
        [0x03, 0xE8], [0x03, 0xED], [0x0F, 0xA0], [0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0x13, 0x88],
    ];

    public IReadOnlyList<string> Covers { get; } =
    [
        .. TargetParts.Types("Protocol", "FrameHeaderReader", "MaskingKey", "Opcode", "Message", "AssembledMessage"),
        .. TargetParts.Types("Protocol", "Utf8Validator", "ClosePayload"),
        .. TargetParts.Types("Protocol.PermessageDeflate", "MessageInflater", "Inflate", "Huffman", "BitReader"),
    ];

    public int MaxLength => 4096;

    public int StepsPerByte => 400;

    public long Run(ReadOnlySpan<byte> input)
    {
        var settings = new FuzzInput(input);
        var flags = settings.TakeByte();
        var windowBits = settings.TakeByte() & 15;
        var limits = _limits[flags & 3];
        int? window = (flags & 4) == 0 ? null : windowBits < 8 ? 0 : windowBits;
        var sizes = settings.TakeSizes();
        var received = settings.Rest.ToArray();

        var whole = new ReaderRun(role, limits, window);
        whole.Feed([received]);
        var cut = new ReaderRun(role, limits, window);
        cut.Feed(Pieces.Of(received, sizes));
        var pieceByPiece = new ReaderRun(role, limits, window);
        foreach (var piece in Pieces.Of(received, sizes))
        {
            pieceByPiece.Feed([piece]);
        }

        Check.SameBytes(whole.End(), cut.End(), "Several segments give the same events.");
        Check.SameBytes(whole.End(), pieceByPiece.End(), "Several reads give the same events.");
        return (3L * received.Length) + whole.BytesGiven + cut.BytesGiven + pieceByPiece.BytesGiven;
    }

    // Short frames of each kind. A mask of zeros leaves the payload readable, and what is put into it as it is.
    private static IEnumerable<byte[]> FramesOf(EndpointRole role)
    {
        foreach (var first in (byte[])[0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x88, 0x89, 0x8A, 0xC1, 0x41])
        {
            yield return role == EndpointRole.Server ? [first, 0x82, 0, 0, 0, 0, 0x03, 0xE8] : [first, 0x02, 0x03, 0xE8];
            yield return role == EndpointRole.Server ? [first, 0x80, 0, 0, 0, 0] : [first, 0x00];
        }
    }
}
