using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Waffle.WebSockets.Protocol;

/// <summary>The body of a Close frame: nothing, or a code and a reason in UTF-8 (RFC 6455 5.5.1, 7.4).</summary>
internal readonly record struct ClosePayload(CloseCode Code, string Reason)
{
    private const int CodeLength = 2;

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
        if (!CloseRules.MayBeSent(code))
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
