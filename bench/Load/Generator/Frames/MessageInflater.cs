using System.IO.Compression;

namespace Waffle.WebSockets.Bench.Load.Generator.Frames;

/// <summary>Inflates messages that were compressed each by itself.</summary>
/// <remarks>
/// All receivers of a broadcast get the same bytes when a server compresses without context takeover; then the work is done for the
/// first of them.
/// </remarks>
internal sealed class MessageInflater
{
    // The end of the flush that a sender leaves out (RFC 7692, section 7.2.1), and an empty last block, with which a stream is complete.
    private static readonly byte[] _end = [0x00, 0x00, 0xff, 0xff, 0x03, 0x00];

    private byte[] _lastCompressed = [];
    private byte[] _lastInflated = [];

    /// <exception cref="RunFailedException">It is no such message.</exception>
    public ReadOnlySpan<byte> Inflate(ReadOnlySpan<byte> message)
    {
        if (_lastCompressed.Length == 0 || !message.SequenceEqual(_lastCompressed))
        {
            _lastInflated = InflateNew(message);
            _lastCompressed = message.ToArray();
        }

        return _lastInflated;
    }

    private static byte[] InflateNew(ReadOnlySpan<byte> message)
    {
        using var stream = new DeflateStream(new MemoryStream([.. message, .. _end]), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        try
        {
            stream.CopyTo(inflated);
        }
        catch (InvalidDataException)
        {
            throw new RunFailedException("The server sent a compressed message that does not inflate.");
        }

        return inflated.ToArray();
    }
}
