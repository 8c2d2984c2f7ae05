using System.Buffers;
using System.Globalization;
using System.Text;

namespace Waffle.WebSockets.Messages;

/// <summary>Decodes the escapes of a JSON string (RFC 8259 7) into a bounded buffer, without exceptions.</summary>
internal static class JsonStringUnescaper
{
    private const byte Backslash = (byte)'\\';

    /// <summary>Unescapes the inside of a JSON string whose syntax has been checked already.</summary>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>; <see cref="OperationStatus.DestinationTooSmall"/>; or
    /// <see cref="OperationStatus.InvalidData"/> for half a surrogate pair.
    /// </returns>
    public static OperationStatus Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination, out int written)
    {
        written = 0;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf(Backslash);
            plain = plain < 0 ? escaped.Length : plain;
            if (!escaped[..plain].TryCopyTo(destination[written..]))
            {
                return OperationStatus.DestinationTooSmall;
            }

            written += plain;
            escaped = escaped[plain..];
            if (escaped.IsEmpty)
            {
                break;
            }

            if (!TryReadEscape(ref escaped, out var rune))
            {
                return OperationStatus.InvalidData;
            }

            if (!rune.TryEncodeToUtf8(destination[written..], out var bytes))
            {
                return OperationStatus.DestinationTooSmall;
            }

            written += bytes;
        }

        return OperationStatus.Done;
    }

    private static bool TryReadEscape(scoped ref ReadOnlySpan<byte> escaped, out Rune rune)
    {
        if (escaped[1] != (byte)'u')
        {
            rune = new Rune(escaped[1] switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                var same => (char)same,
            });
            escaped = escaped[2..];
            return true;
        }

        var first = ReadCodeUnit(ref escaped);
        if (!char.IsHighSurrogate(first))
        {
            return Rune.TryCreate(first, out rune);
        }

        rune = default;
        return escaped.StartsWith("\\u"u8) && Rune.TryCreate(first, ReadCodeUnit(ref escaped), out rune);
    }

    private static char ReadCodeUnit(scoped ref ReadOnlySpan<byte> escaped)
    {
        var unit = (char)ushort.Parse(escaped[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        escaped = escaped[6..];
        return unit;
    }
}
