using System.IO.Compression;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Protocol.PermessageDeflate;

/// <summary>Compresses and inflates messages as another implementation does: with zlib.</summary>
#pragma warning disable CA1001 // It holds memory alone, for as long as a test.
internal sealed class DeflatePeer(CompressionLevel level = CompressionLevel.Optimal, bool keepsWindow = true)
#pragma warning restore CA1001
{
    private readonly MemoryStream _compressed = new();
    private readonly MemoryStream _toInflate = new();
    private DeflateStream? _deflater;
    private DeflateStream? _inflater;

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
        Assert.Equal([0, 0, 0xFF, 0xFF], bytes[^4..]);
        return bytes[..^4];
    }

    /// <summary>What a frame carries, inflated if the frame says so.</summary>
    public byte[] PayloadOf(RawFrame frame) => (frame.ReservedBits & CompressionModes.Rsv1) == 0 ? frame.Payload : Inflate(frame.Payload);

    public byte[] Inflate(ReadOnlySpan<byte> compressed)
    {
        _toInflate.SetLength(0);
        _toInflate.Write(compressed);
        _toInflate.Write([0, 0, 0xFF, 0xFF]);
        _toInflate.Position = 0;
        _inflater = keepsWindow && _inflater is not null ? _inflater : new DeflateStream(_toInflate, CompressionMode.Decompress, leaveOpen: true);
        using var message = new MemoryStream();
        _inflater.CopyTo(message);
        return message.ToArray();
    }
}
