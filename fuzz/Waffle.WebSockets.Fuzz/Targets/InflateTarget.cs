using System.Buffers;
using System.IO.Compression;
using System.Numerics;
using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Compressed messages, one after another.</summary>
/// <remarks>
/// Input: the bits of the window (below 8: no context is kept), which limit holds, then messages, each behind its length in two bytes.
/// </remarks>
internal sealed class InflateTarget : IFuzzTarget
{
    private const int MaxMessages = 4;

    private static readonly int[] _limits = [4096, 300, 10, 1];

    public string Name => "inflate";

    // A fixed code, stored, a match into the message before, the beginnings of dynamic codes, what the tail is made of.
    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F],
        [0xF2, 0x00, 0x11, 0x00, 0x00], [0xF3], [0x05, 0xC0, 0x81, 0x08], [0x04, 0xC0], [0xED, 0xC0, 0x01],
        [0x00, 0x00, 0xFF, 0xFF], [0x00, 0x00, 0x00, 0xFF, 0xFF], [0x01, 0x01, 0x00, 0xFE, 0xFF],
    ];

    public IReadOnlyList<string> Covers { get; } =
        TargetParts.Types("Protocol.PermessageDeflate", "MessageInflater", "Inflate", "Huffman", "BitReader");

    public int MaxLength => 1024;

    public int StepsPerByte => 400;

    public long Run(ReadOnlySpan<byte> input)
    {
        var settings = new FuzzInput(input);
        var windowBits = settings.TakeByte() & 15;
        windowBits = windowBits < 8 ? 0 : windowBits;
        var limit = _limits[settings.TakeByte() & 3];
        var inflater = new MessageInflater(windowBits);
        var plain = new PlainInflater(windowBits == 0 ? 0 : 1 << windowBits);
        using var zlib = new ZlibPeer();
        long bytes = input.Length;
        for (var i = 0; i < MaxMessages && !settings.Rest.IsEmpty; i++)
        {
            var compressed = settings.TakePiece();
            var outcome = inflater.Inflate(compressed, limit, out var buffer, out var length);
            Check.That(length <= limit, "Nothing inflates to more than the limit.");
            var largest = Math.Max(16, (int)BitOperations.RoundUpToPowerOf2((uint)limit));
            Check.That(buffer.Length <= largest, "A buffer is no larger than the limit needs.");
            Check.Equal(plain.Inflate(compressed, limit), outcome, "It is judged as RFC 1951 says.");
            if (outcome != InflateOutcome.Done)
            {
                Check.Equal((0, 0), (buffer.Length, length), "What is refused leaves no buffer.");
                break;
            }

            Check.SameBytes(plain.Message, buffer.AsSpan(0, length), "It inflates to what RFC 1951 says.");
            if (compressed.Length > 0 && !plain.HasFinalBlock)
            {
                Check.SameBytes(
                    zlib.Inflate(compressed, keepsWindow: windowBits > 0), buffer.AsSpan(0, length), "It inflates to what zlib says.");
            }

            bytes += length;
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        return bytes;
    }

    /// <summary>Inflates with the framework's own zlib.</summary>
    private sealed class ZlibPeer : IDisposable
    {
        private readonly MemoryStream _compressed = new();
        private DeflateStream? _stream;

        public byte[] Inflate(ReadOnlySpan<byte> compressed, bool keepsWindow)
        {
            if (_stream is null || !keepsWindow)
            {
                _stream?.Dispose();
                _stream = new DeflateStream(_compressed, CompressionMode.Decompress, leaveOpen: true);
            }

            _compressed.SetLength(0);
            _compressed.Write(compressed);
            _compressed.Write([0, 0, 0xFF, 0xFF]);
            _compressed.Position = 0;
            using var message = new MemoryStream();
            _stream.CopyTo(message);
            return message.ToArray();
        }

        public void Dispose() => _stream?.Dispose();
    }
}
