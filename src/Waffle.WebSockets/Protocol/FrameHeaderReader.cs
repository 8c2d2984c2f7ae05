using System.Buffers;
using System.Buffers.Binary;

namespace Waffle.WebSockets.Protocol;

internal enum FrameHeaderStatus
{
    Done,
    NeedMoreData,
    Invalid,
}

/// <summary>Reads one frame header (RFC 6455 5.2); violations are found at the first byte that shows them.</summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7 | 0 1 2 3 4 5 6 7 | 16 or 64 bits, if 7 bits say 126 or 127 | 32 bits, if masked
///  F R R R opcode  | M length        | extended payload length                 | masking key
/// </code>
/// </remarks>
internal static class FrameHeaderReader
{
    private const byte FinalBit = 0x80;
    private const byte Rsv1Bit = 0x40;
    private const byte OtherReservedBits = 0x30;
    private const byte MaskedBit = 0x80;

    /// <summary>Reads a header from the start of <paramref name="input"/> and cuts it off there; leaves the input alone unless done.</summary>
    /// <param name="input">What was received and not yet read.</param>
    /// <param name="role">Our end: decides whether frames must or must not be masked (RFC 6455 5.1).</param>
    /// <param name="allowRsv1">Whether an agreed extension gives RSV1 a meaning.</param>
    /// <param name="header">The header, when done.</param>
    /// <param name="violation">The broken rule, when invalid.</param>
    public static FrameHeaderStatus Read(
        ref ReadOnlySequence<byte> input,
        EndpointRole role,
        bool allowRsv1,
        out FrameHeader header,
        out ProtocolViolation? violation)
    {
        Span<byte> buffer = stackalloc byte[FrameHeader.MaxLength];
        scoped var bytes = input.FirstSpan;
        if (bytes.Length < FrameHeader.MaxLength && !input.IsSingleSegment)
        {
            var start = input.Slice(0, Math.Min(input.Length, FrameHeader.MaxLength));
            start.CopyTo(buffer);
            bytes = buffer[..(int)start.Length];
        }

        var status = Read(bytes, role, allowRsv1, out header, out var length, out violation);
        if (status == FrameHeaderStatus.Done)
        {
            input = input.Slice(length);
        }

        return status;
    }

    /// <summary>Reads a header from the start of <paramref name="bytes"/>; <paramref name="length"/> tells how long it was.</summary>
    public static FrameHeaderStatus Read(
        ReadOnlySpan<byte> bytes,
        EndpointRole role,
        bool allowRsv1,
        out FrameHeader header,
        out int length,
        out ProtocolViolation? violation)
    {
        header = default;
        length = 0;
        violation = null;
        if (bytes.IsEmpty)
        {
            return FrameHeaderStatus.NeedMoreData;
        }

        var isFinal = (bytes[0] & FinalBit) != 0;
        var rsv1 = (bytes[0] & Rsv1Bit) != 0;
        var opcode = (Opcode)(bytes[0] & 0x0F);
        violation = CheckFirstByte(bytes[0], isFinal, rsv1, opcode, allowRsv1);
        if (violation is not null)
        {
            return FrameHeaderStatus.Invalid;
        }

        if (bytes.Length < 2)
        {
            return FrameHeaderStatus.NeedMoreData;
        }

        var masked = (bytes[1] & MaskedBit) != 0;
        var shortLength = bytes[1] & 0x7F;
        violation = CheckSecondByte(masked, shortLength, opcode, role);
        if (violation is not null)
        {
            return FrameHeaderStatus.Invalid;
        }

        var status = ReadLength(bytes, shortLength, out var payloadLength, out length, out violation);
        if (status != FrameHeaderStatus.Done)
        {
            return status;
        }

        MaskingKey? key = null;
        if (masked)
        {
            if (bytes.Length < length + MaskingKey.Length)
            {
                return FrameHeaderStatus.NeedMoreData;
            }

            key = MaskingKey.Read(bytes[length..]);
            length += MaskingKey.Length;
        }

        header = new FrameHeader(isFinal, rsv1, opcode, payloadLength, key);
        return FrameHeaderStatus.Done;
    }

    private static ProtocolViolation? CheckFirstByte(byte first, bool isFinal, bool rsv1, Opcode opcode, bool allowRsv1)
    {
        // RFC 6455 5.2: reserved bits must be 0 unless an extension was agreed; RFC 7692 6.1: RSV1 only on the first frame of a message.
        if ((first & OtherReservedBits) != 0 || (rsv1 && (!allowRsv1 || opcode is not (Opcode.Text or Opcode.Binary))))
        {
            return ProtocolViolations.ReservedBitSet;
        }

        if (opcode.IsReserved())
        {
            return ProtocolViolations.ReservedOpcode;
        }

        return opcode.IsControl() && !isFinal ? ProtocolViolations.FragmentedControlFrame : null;
    }

    private static ProtocolViolation? CheckSecondByte(bool masked, int shortLength, Opcode opcode, EndpointRole role)
    {
        if (masked != (role == EndpointRole.Server))
        {
            return masked ? ProtocolViolations.MaskedServerFrame : ProtocolViolations.UnmaskedClientFrame;
        }

        return opcode.IsControl() && shortLength > FrameHeader.MaxControlPayloadLength ? ProtocolViolations.ControlFrameTooLong : null;
    }

    private static FrameHeaderStatus ReadLength(
        ReadOnlySpan<byte> bytes, int shortLength, out long payloadLength, out int length, out ProtocolViolation? violation)
    {
        violation = null;
        payloadLength = shortLength;
        length = 2;
        if (shortLength == 126)
        {
            length = 4;
            if (bytes.Length < length)
            {
                return FrameHeaderStatus.NeedMoreData;
            }

            payloadLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            if (payloadLength < 126)
            {
                violation = ProtocolViolations.LengthNotMinimal;
                return FrameHeaderStatus.Invalid;
            }
        }
        else if (shortLength == 127)
        {
            violation = CheckLongLength(bytes[2..]);
            if (violation is not null)
            {
                return FrameHeaderStatus.Invalid;
            }

            length = 10;
            if (bytes.Length < length)
            {
                return FrameHeaderStatus.NeedMoreData;
            }

            payloadLength = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        }

        return FrameHeaderStatus.Done;
    }

    // RFC 6455 5.2: the top bit must be 0, and the shortest form that holds the length must be used: behind six zero bytes, 16 bits do.
    private static ProtocolViolation? CheckLongLength(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && (bytes[0] & 0x80) != 0)
        {
            return ProtocolViolations.LengthTopBitSet;
        }

        return bytes.Length >= 6 && !bytes[..6].ContainsAnyExcept((byte)0) ? ProtocolViolations.LengthNotMinimal : null;
    }
}
