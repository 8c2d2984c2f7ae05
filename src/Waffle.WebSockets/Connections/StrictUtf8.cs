using System.Text;
using System.Text.Unicode;

namespace Waffle.WebSockets.Connections;

/// <summary>RFC 6455 5.6, 8.1: what we send as text must be UTF-8; what can't be is refused, not repaired in silence.</summary>
internal static class StrictUtf8
{
    /// <summary>Throws <see cref="EncoderFallbackException"/>, an <see cref="ArgumentException"/>, on half a surrogate pair.</summary>
    public static UTF8Encoding Encoding { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void ThrowIfInvalid(ReadOnlySpan<byte> bytes, string parameter)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new ArgumentException("A text message must be valid UTF-8; send other bytes as a binary message.", parameter);
        }
    }
}
