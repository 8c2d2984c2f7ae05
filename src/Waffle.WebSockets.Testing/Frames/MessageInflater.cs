using System.IO.Compression;

namespace Waffle.WebSockets.Testing.Frames;

/// <summary>Inflates the server's compressed messages (RFC 7692 7.2.2), by zlib.</summary>
/// <param name="keepsContext">Whether a message may refer to those before it.</param>
internal sealed class MessageInflater(bool keepsContext) : IDisposable
{
    private readonly MemoryStream _compressed = new();
    private DeflateStream? _inflater;

    public byte[] Inflate(ReadOnlySpan<byte> message)
    {
        // What every message ends with, and its sender leaves out.
        ReadOnlySpan<byte> tail = [0, 0, 0xFF, 0xFF];
        _compressed.SetLength(0);
        _compressed.Write(message);
        _compressed.Write(tail);
        _compressed.Position = 0;
        if (!keepsContext)
        {
            _inflater?.Dispose();
            _inflater = null;
        }

        _inflater ??= new DeflateStream(_compressed, CompressionMode.Decompress, leaveOpen: true);
        using var plain = new MemoryStream();
        _inflater.CopyTo(plain);
        return plain.ToArray();
    }

    public void Dispose()
    {
        _inflater?.Dispose();
        _compressed.Dispose();
    }
}
