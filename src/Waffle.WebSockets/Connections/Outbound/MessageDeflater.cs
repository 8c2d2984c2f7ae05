using System.Buffers;
using System.IO.Compression;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Compresses whole messages (RFC 7692 7.2.1) so that none refers further back than agreed, and keeps the context where that is agreed.</summary>
/// <param name="windowBits">How far back a message may refer, as a power of two.</param>
/// <param name="keepsContext">Whether a message may refer to those before it. That takes 220 to 340 KB.</param>
/// <param name="level">How hard to try.</param>
/// <remarks>
/// The compressor has a window of 32 KiB. For a smaller one it starts anew as often as that is full: who has no more behind him can't refer further back.
/// One thread at a time.
/// </remarks>
internal sealed class MessageDeflater(int windowBits, bool keepsContext, CompressionLevel level) : IDisposable
{
    // What a flush ends with, and what the sender cuts off (RFC 7692 7.2.1).
    private const int TailLength = 4;

    private readonly int _restartAfter = windowBits == DeflateAgreement.MaxWindowBits ? int.MaxValue : 1 << windowBits;
    private readonly OutputStream _output = new();
    private DeflateStream? _deflater;
    private int _taken;

    /// <summary>Writes the compressed form of a message.</summary>
    /// <param name="message">The payload.</param>
    /// <param name="output">Where to write; what was written last is taken back by advancing by a negative count.</param>
    public void Deflate(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        if (message.IsEmpty)
        {
            // RFC 7692 7.2.3.6: the first byte of an empty stored block whose rest is cut off.
            output.GetSpan(1)[0] = 0;
            output.Advance(1);
            return;
        }

        _output.Target = output;
        while (!message.IsEmpty)
        {
            if (_taken == _restartAfter)
            {
                Restart();
            }

            _deflater ??= new DeflateStream(_output, level, leaveOpen: true);
            var piece = message[..Math.Min(message.Length, _restartAfter - _taken)];
            _deflater.Write(piece);
            _deflater.Flush();
            _taken = _restartAfter == int.MaxValue ? 0 : _taken + piece.Length;
            message = message[piece.Length..];
        }

        output.Advance(-TailLength);
        _output.Target = null;
        if (!keepsContext)
        {
            Restart();
        }
    }

    public void Dispose() => Restart();

    // At its end a compressor writes a last block, which belongs to nobody.
    private void Restart()
    {
        var target = _output.Target;
        _output.Target = null;
        _deflater?.Dispose();
        _deflater = null;
        _taken = 0;
        _output.Target = target;
    }

    private sealed class OutputStream : Stream
    {
        public IBufferWriter<byte>? Target { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Target?.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
