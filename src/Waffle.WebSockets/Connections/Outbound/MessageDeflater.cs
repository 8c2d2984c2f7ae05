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

    // A start costs as much as compressing 2 KiB or so: from this window on it hardly counts.
    private const int FreeWindowBits = 12;
    private const int MaxWindowsOfMessage = 8;

    private readonly int _restartAfter = windowBits == DeflateAgreement.MaxWindowBits ? int.MaxValue : 1 << windowBits;
    private readonly OutputStream _output = new();
    private DeflateStream? _deflater;
    private int _taken;

    /// <summary>Whether a message of this length is worth compressing for a window, which is its receiver's choice: not if that takes many starts.</summary>
    public static bool Pays(int length, int windowBits) => windowBits >= FreeWindowBits || length <= MaxWindowsOfMessage << windowBits;

    /// <summary>Writes the compressed form of a message.</summary>
    /// <param name="message">The payload.</param>
    /// <param name="output">Where to write; what was written last is taken back by advancing by a negative count.</param>
    public void Deflate(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        if (message.IsEmpty)
        {
            StoredBlocks.Write(message, output);
            return;
        }

        _output.Begin(output);
        for (var rest = message; !rest.IsEmpty;)
        {
            if (_taken == _restartAfter)
            {
                Restart();
            }

            _deflater ??= new DeflateStream(_output, level, leaveOpen: true);
            var piece = rest[..Math.Min(rest.Length, _restartAfter - _taken)];
            _deflater.Write(piece);
            _deflater.Flush();
            _taken = _restartAfter == int.MaxValue ? 0 : _taken + piece.Length;
            rest = rest[piece.Length..];
        }

        var written = _output.End();
        if (written - TailLength <= StoredBlocks.LengthOf(message.Length))
        {
            output.Advance(-TailLength);
        }
        else
        {
            // A fast compressor makes noise larger by an eighth. As it is, it leaves the same context behind on both sides.
            output.Advance(-written);
            StoredBlocks.Write(message, output);
        }

        if (!keepsContext)
        {
            Restart();
        }
    }

    public void Dispose() => Restart();

    // At its end a compressor writes a last block, which belongs to nobody.
    private void Restart()
    {
        _output.IsMuted = true;
        _deflater?.Dispose();
        _deflater = null;
        _taken = 0;
        _output.IsMuted = false;
    }

    private sealed class OutputStream : Stream
    {
        private IBufferWriter<byte>? _target;
        private int _written;

        public bool IsMuted { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Begin(IBufferWriter<byte> target) => (_target, _written) = (target, 0);

        /// <summary>Returns how much was written.</summary>
        public int End()
        {
            _target = null;
            return _written;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!IsMuted)
            {
                _target?.Write(buffer);
                _written += buffer.Length;
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
