using System.Text.Json;
using System.Text.Unicode;

namespace Waffle.WebSockets.Messages;

/// <summary>Checks that a text is exactly one JSON value which fits into a message.</summary>
internal static class RawJsonReader
{
    private static readonly JsonReaderOptions _readerOptions = new() { MaxDepth = MessageJsonDefaults.MaxDepth - 1 };

    /// <summary>Copies the value out of <paramref name="utf8"/>, without the white space around it.</summary>
    /// <exception cref="ArgumentException">It is not exactly one JSON value.</exception>
    public static RawJson Parse(ReadOnlySpan<byte> utf8, string parameterName)
    {
        // The JSON reader looks at the bytes of a string only when it is decoded; ill-formed ones would end the peer's connection.
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("The text is not valid UTF-8.", parameterName);
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, _readerOptions);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            reader.Read();
            return RawJson.FromChecked(utf8[start..end].ToArray());
        }
        catch (JsonException exception)
        {
            throw new ArgumentException("The text is not exactly one JSON value of at most 31 levels.", parameterName, exception);
        }
    }
}
