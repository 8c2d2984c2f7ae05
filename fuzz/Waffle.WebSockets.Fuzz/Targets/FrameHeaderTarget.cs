using System.Buffers;
using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>A frame's header, and the mask on what follows it.</summary>
/// <remarks>Input: settings (1: we are a client, 2: RSV1 is allowed), sizes of pieces, then what was received.</remarks>
internal sealed class FrameHeaderTarget : IFuzzTarget
{
    public string Name => "frame-header";

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        [0x81, 0xFE], [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0], [0x88, 0x82], [0x89, 0x80], [0xC1, 0x85],
        [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ];

    public IReadOnlyList<string> Covers { get; } = TargetParts.Types("Protocol", "FrameHeader", "MaskingKey", "Opcode");

    public int MaxLength => 256;

    public int StepsPerByte => 200;

    public long Run(ReadOnlySpan<byte> input)
    {
        var settings = new FuzzInput(input);
        var flags = settings.TakeByte();
        var role = (flags & 1) == 0 ? EndpointRole.Server : EndpointRole.Client;
        var allowRsv1 = (flags & 2) != 0;
        var sizes = settings.TakeSizes();
        var received = settings.Rest.ToArray();

        CheckPrefixes(received, role, allowRsv1);
        var whole = new ReadOnlySequence<byte>(received);
        var cut = Pieces.Join(Pieces.Of(received, sizes));
        var status = FrameHeaderReader.Read(ref whole, role, allowRsv1, out var header, out var violation);
        var cutStatus = FrameHeaderReader.Read(ref cut, role, allowRsv1, out var cutHeader, out var cutViolation);
        Check.Equal(
            (status, header, violation, whole.Length), (cutStatus, cutHeader, cutViolation, cut.Length), "A cut header reads the same.");
        if (status == FrameHeaderStatus.Done)
        {
            CheckHeader(header, received.AsSpan(0, received.Length - (int)whole.Length));
            CheckMask(header, whole.ToArray(), sizes);
        }

        return FrameHeader.MaxLength + received.Length;
    }

    // With each byte more: nothing yet, until there is a header or a fault, at the first byte that makes one.
    private static void CheckPrefixes(ReadOnlySpan<byte> received, EndpointRole role, bool allowRsv1)
    {
        var last = (Status: FrameHeaderStatus.NeedMoreData, Header: default(FrameHeader), Length: 0, Violation: default(ProtocolViolation));
        for (var length = 0; length <= Math.Min(received.Length, FrameHeader.MaxLength + 1); length++)
        {
            var bytes = received[..length];
            var status = FrameHeaderReader.Read(bytes, role, allowRsv1, out var header, out var headerLength, out var violation);
            var isPossible = PlainFrameHeader.IsPossible(bytes, role, allowRsv1);
            Check.Equal(!isPossible, status == FrameHeaderStatus.Invalid, "A header is refused where no header begins so.");
            Check.Equal(status == FrameHeaderStatus.Invalid, violation is not null, "What is refused has a reason.");
            if (last.Status != FrameHeaderStatus.NeedMoreData)
            {
                Check.Equal(last, (status, header, headerLength, violation), "What follows a header changes nothing.");
            }

            if (status != FrameHeaderStatus.NeedMoreData)
            {
                last = (status, header, headerLength, violation);
            }
        }

        Check.That(received.Length < FrameHeader.MaxLength || last.Status != FrameHeaderStatus.NeedMoreData, "14 bytes hold a header.");
    }

    private static void CheckHeader(in FrameHeader header, ReadOnlySpan<byte> bytes)
    {
        Span<byte> written = stackalloc byte[FrameHeader.MaxLength];
        var length = FrameHeaderWriter.Write(written, header);
        Check.SameBytes(bytes, written[..length], "A header is written as it was read.");
    }

    private static void CheckMask(in FrameHeader header, byte[] payload, int[] sizes)
    {
        if (header.MaskingKey is not { } key)
        {
            return;
        }

        var mask = new byte[MaskingKey.Length];
        key.Write(mask);
        byte[] expected = [.. payload.Select((value, i) => (byte)(value ^ mask[i % 4]))];
        var unmasked = new byte[payload.Length];
        var done = 0;
        foreach (var piece in Pieces.Of(payload, sizes))
        {
            key.Apply(piece.Span, unmasked.AsSpan(done), done);
            done += piece.Length;
        }

        Check.SameBytes(expected, unmasked, "Each byte is unmasked with the key's byte at its place.");
    }
}
