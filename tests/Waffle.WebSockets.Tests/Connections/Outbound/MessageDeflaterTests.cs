using System.Buffers;
using System.IO.Compression;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections.Outbound;

public sealed class MessageDeflaterTests
{
    private static readonly int[] _lengths = [1, 2, 100, 255, 256, 257, 511, 512, 8_192, 32_767, 32_768, 32_769, 100_000];

    public static TheoryData<int, bool> Windows => new(
        from bits in Enumerable.Range(8, 8)
        from keepsContext in (bool[])[false, true]
        select (bits, keepsContext));

    [Theory]
    [MemberData(nameof(Windows))]
    public void Nothing_refers_further_back_than_the_window(int bits, bool keepsContext)
    {
        using var deflater = new MessageDeflater(bits, keepsContext, CompressionLevel.Fastest);
        var walker = new DeflateWalker();
        var zlib = new DeflatePeer(keepsWindow: keepsContext);
        foreach (var length in _lengths)
        {
            // As many words as the window has room for.
            var message = Text(length, words: 1 << (bits - 3));
            var compressed = Deflate(deflater, message);
            Assert.Equal(message, walker.Read(compressed));
            Assert.Equal(message, zlib.Inflate(compressed));
        }

        // It does use what it has.
        Assert.InRange(walker.FurthestBack, (1 << bits) / 2, 1 << bits);
    }

    [Fact]
    public void With_a_context_a_message_that_was_sent_before_is_short()
    {
        using var deflater = new MessageDeflater(15, keepsContext: true, CompressionLevel.Fastest);
        var message = Text(1000);
        var (first, second) = (Deflate(deflater, message), Deflate(deflater, message));

        Assert.True(second.Length < first.Length / 4);
        using var alone = new MessageDeflater(15, keepsContext: false, CompressionLevel.Fastest);
        Assert.Equal(Deflate(alone, message), Deflate(alone, message));
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void What_does_not_compress_grows_by_a_few_bytes_and_is_in_the_context_all_the_same(int bits, bool keepsContext)
    {
        using var deflater = new MessageDeflater(bits, keepsContext, CompressionLevel.Fastest);
        var walker = new DeflateWalker();
        foreach (var length in (int[])[1, 100, 1000, 65_535, 65_536, 200_000])
        {
            var noise = new byte[length];
            new Random(length).NextBytes(noise);
            var (compressed, again) = (Deflate(deflater, noise), Deflate(deflater, noise[^Math.Min(length, 20_000)..]));
            Assert.Equal(noise, walker.Read(compressed));
            Assert.Equal(noise[^Math.Min(length, 20_000)..], walker.Read(again));
            Assert.InRange(compressed.Length, 1, length + 1 + (5 * ((length + 65_534) / 65_535)));
            Assert.True(again.Length < length / 4 || length == 1 || bits < 15 || !keepsContext);
        }

        Assert.InRange(walker.FurthestBack, 0, 1 << bits);
    }

    [Fact]
    public void An_empty_message_is_one_zero_byte_and_leaves_the_context_alone()
    {
        using var deflater = new MessageDeflater(15, keepsContext: true, CompressionLevel.Fastest);
        var walker = new DeflateWalker();
        foreach (var length in (int[])[0, 100, 0, 0, 100, 0])
        {
            var compressed = Deflate(deflater, Text(length));
            Assert.Equal(Text(length), walker.Read(compressed));
            Assert.Equal(length == 0, compressed is [0]);
        }
    }

    private static byte[] Deflate(MessageDeflater deflater, byte[] message)
    {
        var output = new Output();
        deflater.Deflate(message, output);
        return [.. output.Bytes];
    }

    // Words in an order of their own, so that there is something to find at every distance.
    private static byte[] Text(int length, int words = 2_000)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, (length / 4) + 1).SelectMany(_ => BitConverter.GetBytes(random.Next(words) * 7_919)).Take(length)];
    }

    private sealed class Output : IBufferWriter<byte>
    {
        private byte[] _buffer = new byte[1024];
        private int _length;

        public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

        public void Advance(int count) => _length += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length, (2 * _length) + sizeHint + 1));
            return _buffer.AsMemory(_length);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
