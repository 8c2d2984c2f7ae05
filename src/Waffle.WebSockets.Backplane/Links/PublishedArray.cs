using System.Buffers;

namespace Waffle.WebSockets.Backplane;

/// <summary>Bytes to be published that belong to the garbage collector.</summary>
internal sealed class PublishedArray(ReadOnlyMemory<byte> bytes) : IPublishedBytes
{
    public ReadOnlySpan<byte> Payload => bytes.Span;

    public static PublishedArray Encode(Action<EnvelopeWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new EnvelopeWriter(output));
        return new PublishedArray(output.WrittenMemory);
    }

    public void Release()
    {
    }
}
