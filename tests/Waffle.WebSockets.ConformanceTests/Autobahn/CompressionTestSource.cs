using System.Text;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>A file of which messages are cut, and at its end from its beginning again: text by characters, all else by bytes.</summary>
internal sealed class CompressionTestSource
{
    private readonly byte[]? _data;
    private readonly string _text;

    public CompressionTestSource(bool isBinary, string text) => (IsBinary, _text) = (isBinary, text);

    public CompressionTestSource(bool isBinary, byte[] data) => (IsBinary, _data, _text) = (isBinary, data, string.Empty);

    public bool IsBinary { get; }

    private int Length => _data?.Length ?? _text.Length;

    /// <summary>The messages, without an end.</summary>
    public IEnumerable<byte[]> Cut(int length)
    {
        for (var from = 0; ; from = (from + length) % Length)
        {
            var head = Math.Min(length, Length - from);
            yield return _data is null
                ? Encoding.UTF8.GetBytes(string.Concat(_text.AsSpan(from, head), _text.AsSpan(0, length - head)))
                : [.. _data.AsSpan(from, head), .. _data.AsSpan(0, length - head)];
        }
    }
}
