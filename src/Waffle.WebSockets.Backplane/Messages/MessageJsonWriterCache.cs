using System.Buffers;
using System.Text.Json;

namespace Waffle.WebSockets.Messages;

/// <summary>One JSON writer per thread, so that a message costs no writer.</summary>
internal static class MessageJsonWriterCache
{
    private static readonly JsonWriterOptions _writerOptions = new()
    {
        Encoder = MessageJsonDefaults.Encoder,
        MaxDepth = MessageJsonDefaults.MaxDepth,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _cached;

    /// <summary>Takes a writer, to be given back with <see cref="Give"/> on the same thread.</summary>
    public static Utf8JsonWriter Take(IBufferWriter<byte> output)
    {
        // Taken out while it is in use: a getter that serializes another message gets a writer of its own.
        if (_cached is not { } writer)
        {
            return new Utf8JsonWriter(output, _writerOptions);
        }

        _cached = null;
        writer.Reset(output);
        return writer;
    }

    public static void Give(Utf8JsonWriter writer)
    {
        writer.Reset(NoOutput.Instance);
        _cached = writer;
    }

    /// <summary>What an idle writer points to, so that it keeps no buffer of a caller alive.</summary>
    private sealed class NoOutput : IBufferWriter<byte>
    {
        public static readonly NoOutput Instance = new();

        public void Advance(int count) => throw new InvalidOperationException();

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new InvalidOperationException();

        public Span<byte> GetSpan(int sizeHint = 0) => throw new InvalidOperationException();
    }
}
