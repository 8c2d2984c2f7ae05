using System.IO.Compression;

namespace Waffle.WebSockets.TestKit;

/// <summary>Compresses and inflates messages as another implementation does: with zlib.</summary>
#pragma warning disable CA1001 // It holds memory alone, for as long as a test.
public sealed class DeflatePeer(CompressionLevel level = CompressionLevel.Optimal, bool keepsWindow = true)
#pragma warning restore CA1001
{
    private readonly MemoryStream _compressed = new();
    private readonly MemoryStream _toInflate = new();
    private DeflateStream? _deflater;
    private DeflateStream? _inflater;

    // RFC 7692 7.2.1: what a flush ends with, and what the sender cuts off.
    private static ReadOnlySpan<byte> Tail => [0, 0, 0xFF, 0xFF];

    public byte[] Compress(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
        {
            return [0];
        }

        _compressed.SetLength(0);
        _deflater = keepsWindow && _deflater is not null ? _deflater : new DeflateStream(_compressed, level, leaveOpen: true);
        _deflater.Write(message);
        _deflater.Flush();
        var bytes = _compressed.ToArray();
        ForgetUnlessKept(ref _deflater);
        return bytes.AsSpan().EndsWith(Tail)
            ? bytes[..^Tail.Length]
            : throw new InvalidOperationException("The compressor did not flush.");
    }

    /// <summary>What a frame carries, inflated if the frame says so.</summary>
    public byte[] PayloadOf(RawFrame frame) => (frame.ReservedBits & RawFrame.Rsv1) == 0 ? frame.Payload : Inflate(frame.Payload);

    public byte[] Inflate(ReadOnlySpan<byte> compressed)
    {
        _toInflate.SetLength(0);
        _toInflate.Write(compressed);
        _toInflate.Write(Tail);
        _toInflate.Position = 0;
        _inflater = keepsWindow && _inflater is not null ? _inflater : new DeflateStream(_toInflate, CompressionMode.Decompress, leaveOpen: true);
        using var message = new MemoryStream();
        _inflater.CopyTo(message);
        ForgetUnlessKept(ref _inflater);
        return message.ToArray();
    }

    // Thousands of messages would hold more native memory than the garbage collector knows of.
    private void ForgetUnlessKept(ref DeflateStream? stream)
    {
        if (!keepsWindow)
        {
            stream?.Dispose();
            stream = null;
        }
    }
}
