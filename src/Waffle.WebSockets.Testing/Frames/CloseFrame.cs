using System.Buffers.Binary;
using System.Text;

namespace Waffle.WebSockets.Testing.Frames;

/// <summary>The payload of a Close (RFC 6455 5.5.1): nothing, or a code and a reason.</summary>
internal static class CloseFrame
{
    private const int CodeLength = sizeof(ushort);

    /// <exception cref="ArgumentException">The reason is too long.</exception>
    public static byte[] Write(CloseCode code, string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var text = Encoding.UTF8.GetBytes(reason);
        if (text.Length > Opcodes.MaxControlPayload - CodeLength)
        {
            throw new ArgumentException($"A reason has at most {Opcodes.MaxControlPayload - CodeLength} bytes in UTF-8.", nameof(reason));
        }

        if (code == CloseCode.NoStatusReceived)
        {
            return [];
        }

        var payload = new byte[CodeLength + text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        text.CopyTo(payload, CodeLength);
        return payload;
    }

    public static (CloseCode Code, string Reason) Read(ReadOnlySpan<byte> payload) => payload.Length < CodeLength
        ? (CloseCode.NoStatusReceived, string.Empty)
        : ((CloseCode)BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload[CodeLength..]));
}
