using System.Text;
using CsCheck;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Tests.Protocol;

public class MaskingKeyTests
{
    private const int MaxAlignment = 64;
    private const int MaxLength = 300;
    private const byte Untouched = 0xDD;

    private static readonly MaskingKey _key = MaskingKey.Read(Wire.Mask);
    private static readonly byte[] _plain = [.. Enumerable.Range(0, MaxLength).Select(i => (byte)((i * 7) + 3))];

    [Fact]
    public void The_example_of_the_RFC_is_unmasked()
    {
        var bytes = Convert.FromHexString("7F9F4D5158");
        _key.Apply(bytes, bytes, 0);
        Assert.Equal("Hello", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Every_alignment_length_and_position_is_copied_like_a_loop_over_bytes_would()
    {
        var source = new byte[MaxAlignment + MaxLength];
        var destination = new byte[MaxAlignment + MaxLength + MaxAlignment];
        foreach (var (alignment, length, position) in Cases())
        {
            _plain.AsSpan(0, length).CopyTo(source.AsSpan(alignment));
            destination.AsSpan().Fill(Untouched);
            var start = MaxAlignment - alignment;

            _key.Apply(source.AsSpan(alignment, length), destination.AsSpan(start), position);

            AssertMasked(destination, start, length, position);
            Assert.True(source.AsSpan(alignment, length).SequenceEqual(_plain.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Every_alignment_length_and_position_is_masked_in_place()
    {
        var bytes = new byte[MaxAlignment + MaxLength + MaxAlignment];
        foreach (var (alignment, length, position) in Cases())
        {
            bytes.AsSpan().Fill(Untouched);
            var payload = bytes.AsSpan(alignment, length);
            _plain.AsSpan(0, length).CopyTo(payload);

            _key.Apply(payload, payload, position);

            AssertMasked(bytes, alignment, length, position);
        }
    }

    [Fact]
    public void A_frame_in_two_chunks_continues_where_the_first_one_ended()
    {
        var expected = Masked(_plain, 0);
        for (var cut = 0; cut <= MaxLength; cut++)
        {
            var bytes = _plain.ToArray();
            _key.Apply(bytes.AsSpan(0, cut), bytes.AsSpan(0, cut), 0);
            _key.Apply(bytes.AsSpan(cut), bytes.AsSpan(cut), cut);
            Assert.Equal(expected, bytes);
        }
    }

    [Fact]
    public void Any_chunks_with_any_key_give_the_same_as_the_whole()
    {
        var cases = from key in Gen.Byte.Array[4]
                    from payload in Gen.Byte.Array[0, 2000]
                    from sizes in Gen.Int[0, 90].Array[0, 40]
                    select (key, payload, sizes);
        cases.Sample((key, payload, sizes) =>
        {
            var mask = MaskingKey.Read(key);
            var destination = new byte[payload.Length];
            var done = 0;
            foreach (var size in sizes.Append(payload.Length))
            {
                var length = Math.Min(size, payload.Length - done);
                mask.Apply(payload.AsSpan(done, length), destination.AsSpan(done), done);
                done += length;
            }

            Assert.Equal(payload.Select((value, i) => (byte)(value ^ key[i % 4])), destination);
        });
    }

    [Fact]
    public void The_position_may_be_beyond_32_bits()
    {
        const long Position = (1L << 40) + 3;
        var destination = new byte[MaxLength];
        _key.Apply(_plain, destination, Position);
        Assert.Equal(Masked(_plain, Position), destination);
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused_before_anything_is_written()
    {
        var destination = new byte[MaxLength - 1];
        Assert.Throws<ArgumentOutOfRangeException>(() => _key.Apply(_plain, destination, 0));
        Assert.All(destination, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Unmasking_allocates_nothing()
    {
        var bytes = _plain.ToArray();
        Assert.Equal(0, Allocation.Of(() => _key.Apply(bytes, bytes, 1)));
    }

    [Fact]
    public void A_key_stands_on_the_wire_as_it_was_read_and_equals_only_itself()
    {
        var bytes = new byte[MaskingKey.Length];
        _key.Write(bytes);
        Assert.Equal(Wire.Mask, bytes);
        Assert.Equal(_key, MaskingKey.Read(bytes));
        Assert.Equal(_key.GetHashCode(), MaskingKey.Read(bytes).GetHashCode());
        Assert.False(_key.Equals((object)MaskingKey.Read([1, 2, 3, 4])));
        Assert.False(_key.Equals("a key"));
    }

    private static IEnumerable<(int Alignment, int Length, int Position)> Cases() =>
        from alignment in Enumerable.Range(0, MaxAlignment + 1)
        from length in Enumerable.Range(0, MaxLength + 1)
        from position in Enumerable.Range(0, MaskingKey.Length)
        select (alignment, length, position);

    private static byte[] Masked(byte[] plain, long position) =>
        [.. plain.Select((value, i) => (byte)(value ^ Wire.Mask[(int)((position + i) % 4)]))];

    private static void AssertMasked(byte[] bytes, int start, int length, int position)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var offset = i - start;
            var expected = offset >= 0 && offset < length ? (byte)(_plain[offset] ^ Wire.Mask[(position + offset) % 4]) : Untouched;
            if (bytes[i] != expected)
            {
                Assert.Fail($"start {start}, length {length}, position {position}: byte {offset} is {bytes[i]:X2}, not {expected:X2}");
            }
        }
    }
}
