using System.IO.Compression;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Makes the compressed form of a ready frame (RFC 7692 6.1).</summary>
internal static class FrameCompression
{
    /// <summary>Compresses a frame by itself, for all who agreed on the same window and on no context takeover.</summary>
    /// <returns>The frame, of which the caller holds the reference; <see langword="null"/> if it would be no shorter.</returns>
    public static OutboundFrame? CompressAlone(OutboundFrame frame, int windowBits, CompressionLevel level)
    {
        using var deflater = new MessageDeflater(windowBits, keepsContext: false, level);
        var compressed = Compress(frame, deflater);
        if (compressed.PayloadLength < frame.PayloadLength)
        {
            return compressed.Fit();
        }

        compressed.Release();
        return null;
    }

    /// <summary>Compresses a frame with a compressor's context.</summary>
    public static OutboundFrame Compress(OutboundFrame frame, MessageDeflater deflater)
    {
        var compressed = OutboundFrame.Rent(frame.PayloadLength / 2);
        try
        {
            deflater.Deflate(frame.Payload, compressed);
        }
        catch
        {
            compressed.Release();
            throw;
        }

        compressed.Seal(frame.Opcode, isCompressed: true);
        return compressed;
    }
}
