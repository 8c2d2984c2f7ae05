using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Waffle.WebSockets.Protocol;

/// <summary>The body of a Close frame: nothing, or a code and a reason in UTF-8 (RFC 6455 5.5.1, 7.4).</summary>
internal readonly record struct ClosePayload(CloseCode Code, string Reason)
{
    private const int CodeLength = 2;

    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a reason may be long at most, in UTF-8 bytes: a control frame's 125 less the code.</summary>
    public const int MaxReasonLength = FrameHeader.MaxControlPayloadLength - CodeLength;

    /// <summary>Whether a Close frame may carry <paramref name="code"/>: registered codes, and 3000 to 4999 (RFC 6455 7.4.1, 7.4.2).</summary>
    public static bool MayBeSent(CloseCode code) => (ushort)code is
        (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);

    /// <summary>Refuses what a Close frame can't carry.</summary>
    /// <exception cref="ArgumentException">The code must not be sent, or the reason is too long or no text.</exception>
    public static void ThrowIfNotSendable(CloseCode code, string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (!MayBeSent(code))
        {
            throw new ArgumentOutOfRangeException(
                nameof(code), (ushort)code, "A Close may carry 1000 to 1003, 1007 to 1014, or 3000 to 4999 (RFC 6455 7.4).");
        }

        var length = _strictUtf8.GetByteCount(reason);
        if (length > MaxReasonLength)
        {
            throw new ArgumentException($"The reason has {length} bytes in UTF-8; at most {MaxReasonLength} fit in a Close frame.", nameof(reason));
        }
    }

    /// <summary>Reads a received payload; an empty one counts as <see cref="CloseCode.NoStatusReceived"/>.</summary>
    /// <returns>The broken rule, or <see langword="null"/>.</returns>
    public static ProtocolViolation? Read(ReadOnlySpan<byte> bytes, out ClosePayload payload)
    {
        payload = new ClosePayload(CloseCode.NoStatusReceived, string.Empty);
        if (bytes.IsEmpty)
        {
            return null;
        }

        if (bytes.Length < CodeLength)
        {
            return ProtocolViolations.CloseWithOneByte;
        }

        var code = (CloseCode)BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (!MayBeSent(code))
        {
            return ProtocolViolations.CloseCodeNotAllowed;
        }

        var reason = bytes[CodeLength..];
        if (!Utf8.IsValid(reason))
        {
            return ProtocolViolations.InvalidUtf8InCloseReason;
        }

        payload = new ClosePayload(code, Encoding.UTF8.GetString(reason));
        return null;
    }

    /// <summary>Writes the payload, nothing for <see cref="CloseCode.NoStatusReceived"/>, and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        if (Code == CloseCode.NoStatusReceived)
        {
            return 0;
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)Code);
        return CodeLength + Encoding.UTF8.GetBytes(Reason, destination[CodeLength..]);
    }
}
