using System.Buffers;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Waffle.WebSockets.Protocol.PermessageDeflate;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol.PermessageDeflate;

public sealed class MessageInflaterTests
{
    private const int Limit = 1024 * 1024;

    // Text that repeats itself, near and far, and noise that does not.
    private static readonly Gen<byte[]> _message = Gen.OneOf(
        Gen.Byte.Array[0, 2000],
        Gen.Byte[97, 101].Array[0, 5000],
        Gen.Select(Gen.Byte[97, 99].Array[1, 400], Gen.Int[1, 300]).Select(static (piece, times) => Repeat(piece, times)));

    public static TheoryData<CompressionLevel> Levels => new(Enum.GetValues<CompressionLevel>());

    // RFC 7692 7.2.3: "Hello" with a fixed code, the same with a reference to the message before, stored, as a final block, and in two blocks.
    [Theory]
    [InlineData("F248CDC9C90700")]
    [InlineData("000500FAFF48656C6C6F00")]
    [InlineData("F348CDC9C9070000")]
    [InlineData("F248050000 00FFFFCAC9C90700")]
    public void The_examples_of_the_RFC_are_inflated(string hex) => Assert.Equal("Hello", Encoding.UTF8.GetString(Inflate(Bytes(hex))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Inflating_allocates_nothing(bool keepsWindow)
    {
        Assert.SkipWhen(Allocation.IsDebugBuild, "In a debug build each look into a constant table is an object.");
        var peer = new DeflatePeer(CompressionLevel.Fastest, keepsWindow);
        var inflater = new MessageInflater(keepsWindow ? 15 : 0);
        var message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000)));
        var compressed = Enumerable.Range(0, 20).Select(_ => peer.Compress(message)).ToArray();

        // Until the window has gone round.
        foreach (var early in compressed)
        {
            Inflate(early, inflater);
        }

        Assert.Equal(0, Allocation.Of(() =>
        {
            if (inflater.Inflate(compressed[^1], Limit, out var buffer, out var length) != InflateOutcome.Done || length != message.Length)
            {
                Assert.Fail("It was not inflated.");
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }));
    }

    [Fact]
    public void A_message_may_refer_to_the_one_before()
    {
        var inflater = new MessageInflater(15);
        Assert.Equal("Hello", Encoding.UTF8.GetString(Inflate(Bytes("F248CDC9C90700"), inflater)));
        Assert.Equal("Hello", Encoding.UTF8.GetString(Inflate(Bytes("F200110000"), inflater)));

        Assert.Equal(InflateOutcome.Invalid, Outcome(Bytes("F200110000"), new MessageInflater(15)));
        var forgetful = new MessageInflater(0);
        Inflate(Bytes("F248CDC9C90700"), forgetful);
        Assert.Equal(InflateOutcome.Invalid, Outcome(Bytes("F200110000"), forgetful));
    }

    [Fact]
    public void What_zlib_compressed_is_inflated() => Gen.Select(_message.Array[1, 8], Gen.Enum<CompressionLevel>(), Gen.Bool).Sample(
        static (messages, level, keepsWindow) =>
        {
            var peer = new DeflatePeer(level, keepsWindow);
            var inflater = new MessageInflater(keepsWindow ? 15 : 0);
            foreach (var message in messages)
            {
                Assert.Equal(message, Inflate(peer.Compress(message), inflater));
            }
        });

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_window_goes_round_for_ever(CompressionLevel level)
    {
        var random = new Random(7);
        var words = Enumerable.Range(0, 2000).Select(_ => new string((char)('a' + random.Next(26)), 1 + random.Next(30)) + random.Next()).ToArray();
        var peer = new DeflatePeer(level);
        var inflater = new MessageInflater(15);
        for (var i = 0; i < 500; i++)
        {
            var message = Encoding.UTF8.GetBytes(string.Concat(random.GetItems(words, random.Next(1, 200))));
            Assert.Equal(message, Inflate(peer.Compress(message), inflater));
        }
    }

    [Fact]
    public void A_window_of_each_size_holds_what_it_promises()
    {
        for (var bits = 8; bits <= 15; bits++)
        {
            var inflater = new MessageInflater(bits);
            var before = new byte[100_000];
            new Random(bits).NextBytes(before);
            Inflate(DeflateBlocks.Stored(before[..60_000]), inflater);
            Inflate(DeflateBlocks.Stored(before[60_000..]), inflater);
            Assert.Equal(before[^(1 << bits)..^((1 << bits) - 3)], Inflate(DeflateBlocks.RepeatThree(1 << bits), inflater));

            // No greater distance than 32 KiB can be written.
            if (bits < 15)
            {
                Assert.Equal(InflateOutcome.Invalid, Outcome(DeflateBlocks.RepeatThree((1 << bits) + 1), inflater));
            }
        }
    }

    [Fact]
    public void Empty_messages_are_empty_and_disturb_nothing()
    {
        var inflater = new MessageInflater(15);
        Assert.Empty(Inflate([0], inflater));
        Assert.Empty(Inflate([], inflater));
        Inflate(Bytes("F248CDC9C90700"), inflater);
        Assert.Empty(Inflate([0], inflater));
        Assert.Equal("Hello", Encoding.UTF8.GetString(Inflate(Bytes("F200110000"), inflater)));
    }

    [Fact]
    public void After_a_final_block_the_next_message_is_inflated_too()
    {
        var inflater = new MessageInflater(15);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("Hello", Encoding.UTF8.GetString(Inflate(Bytes("F348CDC9C9070000"), inflater)));
            Assert.Equal("Hello", Encoding.UTF8.GetString(Inflate(Bytes("F348CDC9C90700"), inflater)));
            Assert.Equal("HelloHello", Encoding.UTF8.GetString(Inflate(Bytes("F348CDC9C90700F248CDC9C90700"), inflater)));
        }
    }

    // Not so with stored blocks: the first byte alone is what an empty message looks like.
    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Whatever_is_cut_off_is_invalid(CompressionLevel level)
    {
        var compressed = new DeflatePeer(level).Compress(Repeat("Waffles, butter and syrup. "u8.ToArray(), 20));
        for (var length = 1; length < compressed.Length; length++)
        {
            Assert.Equal(InflateOutcome.Invalid, Outcome(compressed[..length], new MessageInflater(15)));
        }
    }

    [Theory]
    [InlineData("F248CDC9C9070055")]
    [InlineData("F248CDC9C90700AA55AA")]
    [InlineData("07")]
    [InlineData("FFFFFFFF")]
    [InlineData("000500FAFE48656C6C6F00")]
    [InlineData("04FFFFFFFFFF")]
    public void Rubbish_is_invalid(string hex) => Assert.Equal(InflateOutcome.Invalid, Outcome(Bytes(hex), new MessageInflater(15)));

    [Fact]
    public void Inflating_stops_at_the_limit()
    {
        var bomb = new DeflatePeer().Compress(new byte[64 * 1024 * 1024]);
        Assert.True(bomb.Length < 100_000);
        Assert.Equal(InflateOutcome.TooBig, new MessageInflater(15).Inflate(bomb, 32 * 1024, out var buffer, out var length));
        Assert.Equal((0, 0), (buffer.Length, length));

        var exact = new DeflatePeer().Compress(new byte[1000]);
        Assert.Equal(InflateOutcome.Done, new MessageInflater(15).Inflate(exact, 1000, out buffer, out length));
        Assert.Equal(1000, length);
        ArrayPool<byte>.Shared.Return(buffer);
        Assert.Equal(InflateOutcome.TooBig, new MessageInflater(15).Inflate(exact, 999, out _, out _));
        Assert.Equal(InflateOutcome.TooBig, new MessageInflater(15).Inflate(DeflateBlocks.Stored(new byte[1000]), 999, out _, out _));
    }

    [Fact]
    public void Arbitrary_bytes_never_throw_and_never_exceed_the_limit() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 2000]).Sample(
        static (bytes, limit) =>
        {
            if (new MessageInflater(15).Inflate(bytes, limit, out var buffer, out var length) == InflateOutcome.Done && length > 0)
            {
                Assert.InRange(length, 1, limit);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        });

    [Fact]
    public void A_changed_byte_never_throws() => Gen.Select(_message, Gen.Int[0, 10_000], Gen.Byte[1, 255]).Sample(static (message, at, change) =>
    {
        var compressed = new DeflatePeer().Compress(message);
        compressed[at % compressed.Length] ^= change;
        Outcome(compressed, new MessageInflater(15));
    });

    private static byte[] Inflate(byte[] compressed, MessageInflater? inflater = null)
    {
        Assert.Equal(InflateOutcome.Done, (inflater ?? new MessageInflater(0)).Inflate(compressed, Limit, out var buffer, out var length));
        var message = buffer[..length];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return message;
    }

    private static InflateOutcome Outcome(byte[] compressed, MessageInflater inflater)
    {
        var outcome = inflater.Inflate(compressed, Limit, out var buffer, out _);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return outcome;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static byte[] Repeat(byte[] piece, int times) => [.. Enumerable.Repeat(piece, times).SelectMany(static bytes => bytes)];
}
