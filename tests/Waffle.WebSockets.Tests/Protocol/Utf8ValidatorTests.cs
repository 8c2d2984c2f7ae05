using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CsCheck;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Tests.Protocol;

public class Utf8ValidatorTests
{
    // The syntax of RFC 3629 4, a row for each alternative, a range for each byte.
    private static readonly (int Low, int High)[][] _syntax =
    [
        [(0x00, 0x7F)],
        [(0xC2, 0xDF), (0x80, 0xBF)],
        [(0xE0, 0xE0), (0xA0, 0xBF), (0x80, 0xBF)],
        [(0xE1, 0xEC), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xED, 0xED), (0x80, 0x9F), (0x80, 0xBF)],
        [(0xEE, 0xEF), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xF0, 0xF0), (0x90, 0xBF), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xF1, 0xF3), (0x80, 0xBF), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xF4, 0xF4), (0x80, 0x8F), (0x80, 0xBF), (0x80, 0xBF)],
    ];

    // Both sides of every limit in the syntax.
    private static readonly byte[] _limits =
    [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1,
        0xF3, 0xF4, 0xF5, 0xF8, 0xFF,
    ];

    [Fact]
    public void Every_sequence_of_one_and_two_bytes_is_judged_at_each_byte()
    {
        for (var value = 0; value <= byte.MaxValue; value++)
        {
            AssertJudgedRight([(byte)value]);
        }

        for (var value = 0; value <= ushort.MaxValue; value++)
        {
            AssertJudgedRight([(byte)(value >> 8), (byte)value]);
        }
    }

    [Fact]
    public void Every_three_limits_are_judged_at_each_byte()
    {
        foreach (var first in _limits)
        {
            foreach (var second in _limits)
            {
                foreach (var third in _limits)
                {
                    AssertJudgedRight([first, second, third]);
                }
            }
        }
    }

    [Fact]
    public void Every_four_limits_are_judged_at_each_byte()
    {
        // What three bytes have ruled out is settled above; this leaves the sequences that a fourth byte decides.
        foreach (var first in _limits)
        {
            foreach (var second in _limits)
            {
                foreach (var third in _limits)
                {
                    if (CanBecomeValid([first, second, third], out _))
                    {
                        Array.ForEach(_limits, fourth => AssertJudgedRight([first, second, third, fourth]));
                    }
                }
            }
        }
    }

    [Fact]
    public void Limits_behind_a_long_valid_part_are_judged_alike()
    {
        // The runtime checks many bytes at once; what it must not see is the character that is cut at the end.
        foreach (var prefix in new[] { new string('a', 31), new string('\u20AC', 21), string.Concat(Enumerable.Repeat("\U0001F600", 16)) })
        {
            var start = Encoding.UTF8.GetBytes(prefix);
            foreach (var first in _limits)
            {
                foreach (var second in _limits)
                {
                    byte[] bytes = [.. start, first, second];
                    Assert.Equal(CanBecomeValid(bytes, out var isWhole), Judge(out var isComplete, bytes));
                    Assert.True(isComplete == isWhole || !CanBecomeValid(bytes, out _));
                }
            }
        }
    }

    [Fact]
    public void Every_code_point_is_valid_however_it_is_cut()
    {
        Span<byte> buffer = stackalloc byte[4];
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.TryCreate(value, out var rune))
            {
                continue;
            }

            var bytes = buffer[..rune.EncodeToUtf8(buffer)];
            for (var cut = 0; cut < bytes.Length; cut++)
            {
                var validator = default(Utf8Validator);
                if (!validator.Append(bytes[..cut]) || validator.IsComplete != (cut == 0)
                    || !validator.Append(bytes[cut..]) || !validator.IsComplete)
                {
                    Assert.Fail($"U+{value:X4}, cut at {cut}");
                }
            }
        }
    }

    [Fact]
    public void Any_text_with_any_fault_and_any_cuts_is_judged_as_the_decoder_does()
    {
        var runes = Gen.OneOf(
            Gen.Int[0x20, 0x7F], Gen.Int[0x80, 0x7FF], Gen.Int[0x800, 0xD7FF], Gen.Int[0xE000, 0xFFFF], Gen.Int[0x10000, 0x10FFFF]);
        var cases = from text in runes.Array[0, 60]
                    from fault in Gen.Byte.Nullable()
                    from place in Gen.Int[0, 300]
                    from sizes in Gen.Int[0, 9].Array[0, 60]
                    select (text, fault, place, sizes);

        cases.Sample((text, fault, place, sizes) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(text.Select(value => new Rune(value).ToString())));
            if (fault is { } value && bytes.Length > 0)
            {
                bytes[place % bytes.Length] = value;
            }

            var pieces = new List<byte[]>();
            var start = 0;
            foreach (var size in sizes)
            {
                var end = Math.Min(start + size, bytes.Length);
                pieces.Add(bytes[start..end]);
                start = end;
            }

            pieces.Add(bytes[start..]);
            Assert.Equal(IsValid(bytes), Judge(out var isComplete, [.. pieces]) && isComplete);
        });
    }

    [Fact]
    public void Checking_allocates_nothing()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a\u00E9\u20AC\U0001F600", 100)));
        Assert.Equal(0, Allocation.Of(() =>
        {
            var validator = default(Utf8Validator);
            for (var start = 0; start < bytes.Length; start += 7)
            {
                Assert.True(validator.Append(bytes.AsSpan(start, Math.Min(7, bytes.Length - start))));
            }

            Assert.True(validator.IsComplete);
        }));
    }

    // In one piece and in all others: false at exactly the byte that no continuation can mend, and valid where the decoder says so.
    private static void AssertJudgedRight(byte[] bytes)
    {
        var canBecomeValid = CanBecomeValid(bytes, out var isWhole);
        if (IsValid(bytes) != (canBecomeValid && isWhole))
        {
            Assert.Fail($"{Convert.ToHexString(bytes)}: this test's table is wrong");
        }

        // Each bit of `cuts` stands for one place between two bytes.
        for (var cuts = 0; cuts < 1 << (bytes.Length - 1); cuts++)
        {
            var validator = default(Utf8Validator);
            var start = 0;
            for (var end = 1; end <= bytes.Length; end++)
            {
                if (end < bytes.Length && (cuts & (1 << (end - 1))) == 0)
                {
                    continue;
                }

                var expected = CanBecomeValid(bytes.AsSpan(0, end), out var isWholeThere);
                var actual = validator.Append(bytes.AsSpan(start, end - start));
                if (actual != expected || (actual && validator.IsComplete != isWholeThere))
                {
                    Assert.Fail($"{Convert.ToHexString(bytes)} with cuts {cuts:b}: {actual} after byte {end}");
                }

                if (!actual)
                {
                    break;
                }

                start = end;
            }
        }
    }

    private static bool Judge(out bool isComplete, params byte[][] pieces)
    {
        var validator = default(Utf8Validator);
        var isPossible = pieces.All(piece => validator.Append(piece));
        isComplete = validator.IsComplete;
        return isPossible;
    }

    // Whether some continuation makes it valid, and whether it ends with a whole character.
    private static bool CanBecomeValid(ReadOnlySpan<byte> bytes, out bool isWhole)
    {
        isWhole = true;
        for (var start = 0; start < bytes.Length;)
        {
            var row = Array.Find(_syntax, Matches(bytes[start..]));
            if (row is null)
            {
                return false;
            }

            isWhole = start + row.Length <= bytes.Length;
            start += row.Length;
        }

        return true;
    }

    private static Predicate<(int Low, int High)[]> Matches(ReadOnlySpan<byte> bytes)
    {
        var start = bytes[..Math.Min(bytes.Length, 4)].ToArray();
        return row => !row.Zip(start).Any(pair => pair.Second < pair.First.Low || pair.Second > pair.First.High);
    }

    private static bool IsValid(byte[] bytes) =>
        Utf8.ToUtf16(bytes, new char[bytes.Length], out _, out _, replaceInvalidSequences: false) == OperationStatus.Done;
}
