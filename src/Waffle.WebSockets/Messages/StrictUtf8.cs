using System.Text;

namespace Waffle.WebSockets.Messages;

/// <summary>UTF-8 that refuses half a surrogate pair instead of replacing it.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding _encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The text holds half a surrogate pair.</exception>
    public static byte[] GetBytes(string text, string parameterName)
    {
        try
        {
            return _encoding.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw HalfAPair(parameterName, exception);
        }
    }

    /// <exception cref="ArgumentException">The text holds half a surrogate pair.</exception>
    public static int GetByteCount(string text, string parameterName)
    {
        try
        {
            return _encoding.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw HalfAPair(parameterName, exception);
        }
    }

    private static ArgumentException HalfAPair(string parameterName, EncoderFallbackException exception) =>
        new("The text holds half a surrogate pair.", parameterName, exception);
}
