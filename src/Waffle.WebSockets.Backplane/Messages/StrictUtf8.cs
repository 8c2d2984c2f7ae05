using System.Text;
using System.Text.Unicode;

namespace Waffle.WebSockets.Messages;

/// <summary>RFC 6455 5.6, 8.1: what we send as text must be UTF-8; what can't be is refused, not repaired in silence.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding _encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a text has an encoding: it does not hold half a surrogate pair.</summary>
    public static bool IsValid(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <exception cref="ArgumentException">The text holds half a surrogate pair.</exception>
    public static int GetByteCount(string text, string parameter) => Encode(text, parameter, static text => _encoding.GetByteCount(text));

    /// <exception cref="ArgumentException">The text holds half a surrogate pair.</exception>
    public static byte[] GetBytes(string text, string parameter) => Encode(text, parameter, static text => _encoding.GetBytes(text));

    /// <summary>Encodes a text whose length <see cref="GetByteCount"/> has given, and which is therefore good.</summary>
    public static int GetBytes(string text, Span<byte> destination) => _encoding.GetBytes(text, destination);

    /// <exception cref="ArgumentException">The bytes are not valid UTF-8.</exception>
    public static void ThrowIfInvalid(ReadOnlySpan<byte> bytes, string parameter)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new ArgumentException("A text message must be valid UTF-8; send other bytes as a binary message.", parameter);
        }
    }

    private static T Encode<T>(string text, string parameter, Func<string, T> encode)
    {
        try
        {
            return encode(text);
        }
        catch (EncoderFallbackException error)
        {
            throw HalfAPair(parameter, error);
        }
    }

    private static ArgumentException HalfAPair(string parameter, EncoderFallbackException error) =>
        new("The text holds half a surrogate pair.", parameter, error);
}
