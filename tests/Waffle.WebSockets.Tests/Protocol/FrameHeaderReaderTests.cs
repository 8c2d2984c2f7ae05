using System.Buffers;
using System.Buffers.Binary;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

public class FrameHeaderReaderTests
{
    private static readonly byte[] _firstBytes = [0x80, 0x81, 0x82, 0x00, 0x01, 0x02, 0x88, 0x89, 0x8A, 0xC1, 0xC2];

    private static readonly ulong[] _lengths =
    [
        0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 1 << 24, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 1UL << 62,
        long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Every_first_two_bytes_get_the_verdict_of_the_RFC(bool isServer, bool allowRsv1)
    {
        for (var start = 0; start <= ushort.MaxValue; start++)
        {
            AssertVerdict([(byte)(start >> 8), (byte)start], isServer, allowRsv1);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Every_length_in_every_form_gets_the_verdict_of_the_RFC_at_the_first_byte_that_shows_it(bool isServer, bool allowRsv1)
    {
        var mask = isServer ? 0x80 : 0;
        foreach (var first in _firstBytes)
        {
            for (var length = 0; length <= ushort.MaxValue; length += length is < 300 or > 65_500 ? 1 : 251)
            {
                AssertVerdictOfPrefixes([first, (byte)(mask | 126), (byte)(length >> 8), (byte)length, 1, 2, 3, 4], isServer, allowRsv1);
            }

            foreach (var length in _lengths)
            {
                byte[] bytes = [first, (byte)(mask | 127), 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4];
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), length);
                AssertVerdictOfPrefixes(bytes, isServer, allowRsv1);
            }
        }
    }

    [Theory]
    [InlineData("C1", "ReservedBitSet")]
    [InlineData("A1", "ReservedBitSet")]
    [InlineData("91", "ReservedBitSet")]
    [InlineData("F1", "ReservedBitSet")]
    [InlineData("C0", "ReservedBitSet")]
    [InlineData("C8", "ReservedBitSet")]
    [InlineData("83", "ReservedOpcode")]
    [InlineData("84", "ReservedOpcode")]
    [InlineData("85", "ReservedOpcode")]
    [InlineData("86", "ReservedOpcode")]
    [InlineData("87", "ReservedOpcode")]
    [InlineData("8B", "ReservedOpcode")]
    [InlineData("8C", "ReservedOpcode")]
    [InlineData("8D", "ReservedOpcode")]
    [InlineData("8E", "ReservedOpcode")]
    [InlineData("8F", "ReservedOpcode")]
    [InlineData("08", "FragmentedControlFrame")]
    [InlineData("09", "FragmentedControlFrame")]
    [InlineData("0A", "FragmentedControlFrame")]
    [InlineData("8100", "UnmaskedClientFrame")]
    [InlineData("8800", "UnmaskedClientFrame")]
    [InlineData("88FE", "ControlFrameTooLong")]
    [InlineData("89FE", "ControlFrameTooLong")]
    [InlineData("8AFF", "ControlFrameTooLong")]
    [InlineData("81FE007D", "LengthNotMinimal")]
    [InlineData("81FE0000", "LengthNotMinimal")]
    [InlineData("82FF000000000000", "LengthNotMinimal")]
    [InlineData("82FF80", "LengthTopBitSet")]
    [InlineData("82FFFF", "LengthTopBitSet")]
    public void A_broken_rule_is_named_with_its_last_byte_and_not_before(string hex, string violation)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal($"Invalid {violation}", Read(bytes));
        Assert.Equal($"Invalid {violation}", Read([.. bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal("NeedMoreData", Read(bytes[..^1]));
    }

    [Fact]
    public void A_masked_frame_of_a_server_is_refused() =>
        Assert.Equal("Invalid MaskedServerFrame", Read([0x81, 0x80], isServer: false));

    [Fact]
    public void RSV1_is_allowed_with_an_extension_on_the_first_frame_of_a_message_only()
    {
        Assert.Equal("NeedMoreData", Read([0xC1], allowRsv1: true));
        Assert.Equal("NeedMoreData", Read([0x42], allowRsv1: true));
        foreach (byte first in new byte[] { 0xC0, 0x40, 0xC8, 0xC9, 0xCA, 0xE1, 0xD2 })
        {
            Assert.Equal("Invalid ReservedBitSet", Read([first], allowRsv1: true));
        }
    }

    [Fact]
    public void Every_part_of_a_header_is_read_and_nothing_of_what_follows()
    {
        Assert.Equal("Done 4: final text 256 unmasked", Read([0x81, 0x7E, 1, 0, 9, 9], isServer: false));
        Assert.Equal("Done 2: binary 0 unmasked", Read([0x02, 0x00, 9], isServer: false));
        Assert.Equal("Done 6: final pong 125 01020304", Read([0x8A, 0xFD, 1, 2, 3, 4, 9]));
        Assert.Equal("Done 8: continuation 126 01020304", Read([0x00, 0xFE, 0, 126, 1, 2, 3, 4, 9]));
        Assert.Equal("Done 14: final rsv1 text 9223372036854775807 01020304",
            Read([0xC1, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], allowRsv1: true));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] bytes = [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4];
        var whole = new ReadOnlySequence<byte>(bytes);
        var cut = Segments.Cut(bytes, 5);

        Assert.Equal(0, Allocation.Of(() =>
        {
            foreach (var input in (ReadOnlySpan<ReadOnlySequence<byte>>)[whole, cut])
            {
                var rest = input;
                Assert.True(FrameHeaderReader.Read(ref rest, EndpointRole.Server, false, out _, out _) == FrameHeaderStatus.Done);
            }
        }));
    }

    private static void AssertVerdictOfPrefixes(byte[] bytes, bool isServer, bool allowRsv1)
    {
        for (var length = 0; length <= bytes.Length; length++)
        {
            AssertVerdict(bytes[..length], isServer, allowRsv1);
        }
    }

    private static void AssertVerdict(byte[] bytes, bool isServer, bool allowRsv1)
    {
        var role = isServer ? EndpointRole.Server : EndpointRole.Client;
        var status = FrameHeaderReader.Read(bytes, role, allowRsv1, out _, out var length, out var violation);

        var expected = !CanBecomeValid(bytes, isServer, allowRsv1) ? FrameHeaderStatus.Invalid
            : HasWholeHeader(bytes) ? FrameHeaderStatus.Done
            : FrameHeaderStatus.NeedMoreData;
        Assert.True(status == expected, $"{Convert.ToHexString(bytes)} is {status}, not {expected}");
        Assert.Equal(status == FrameHeaderStatus.Invalid, violation is not null);
        Assert.True(status != FrameHeaderStatus.Done || length <= bytes.Length);
    }

    // RFC 6455 5.2, once more and without haste: missing bytes of the length are taken for the largest ones.
    private static bool CanBecomeValid(byte[] bytes, bool isServer, bool allowRsv1)
    {
        if (bytes.Length == 0)
        {
            return true;
        }

        var opcode = bytes[0] % 16;
        var reserved = bytes[0] / 16 % 8;
        var isControl = opcode >= 8;
        var areBitsAllowed = reserved == 0 || (reserved == 4 && allowRsv1 && opcode is 1 or 2);
        if (!areBitsAllowed || opcode is (>= 3 and <= 7) or >= 11 || (isControl && bytes[0] < 0x80))
        {
            return false;
        }

        if (bytes.Length == 1)
        {
            return true;
        }

        var shortLength = bytes[1] % 128;
        if (bytes[1] >= 128 != isServer || (isControl && shortLength >= 126))
        {
            return false;
        }

        var size = shortLength switch { 126 => 2, 127 => 8, _ => 0 };
        UInt128 largest = 0;
        for (var i = 0; i < size; i++)
        {
            largest = (largest * 256) + (2 + i < bytes.Length ? bytes[2 + i] : (byte)(i == 0 && size == 8 ? 0x7F : 0xFF));
        }

        return size switch { 0 => true, 2 => largest >= 126, _ => largest >= 65_536 && largest <= long.MaxValue };
    }

    private static bool HasWholeHeader(byte[] bytes) => bytes.Length >= 2
        && bytes.Length >= 2 + ((bytes[1] % 128) switch { 126 => 2, 127 => 8, _ => 0 }) + (bytes[1] >= 128 ? 4 : 0);

    // Reads from a span and from a sequence, cut everywhere, and tells the result in words.
    private static string Read(byte[] bytes, bool isServer = true, bool allowRsv1 = false)
    {
        var role = isServer ? EndpointRole.Server : EndpointRole.Client;
        var status = FrameHeaderReader.Read(bytes, role, allowRsv1, out var header, out var length, out var violation);
        var expected = Describe(status, header, length, violation);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(expected, ReadSequence(Segments.Cut(bytes, cut)));
        }

        Assert.Equal(expected, ReadSequence(Segments.OfSingleBytes(bytes)));
        return expected;

        string ReadSequence(ReadOnlySequence<byte> input)
        {
            var rest = input;
            var status = FrameHeaderReader.Read(ref rest, role, allowRsv1, out var header, out var violation);
            return Describe(status, header, (int)(input.Length - rest.Length), violation);
        }
    }

    private static string Describe(FrameHeaderStatus status, FrameHeader header, int length, ProtocolViolation? violation)
    {
        if (status != FrameHeaderStatus.Done)
        {
            return violation is null ? $"{status}" : $"{status} {violation.Name}";
        }

        Span<byte> key = stackalloc byte[MaskingKey.Length];
        header.MaskingKey?.Write(key);
        var flags = (header.IsFinal ? "final " : "") + (header.Rsv1 ? "rsv1 " : "");
        var opcode = $"{header.Opcode}".ToLowerInvariant();
        var mask = header.MaskingKey is null ? "unmasked" : Convert.ToHexString(key);
        return $"Done {length}: {flags}{opcode} {header.PayloadLength} {mask}";
    }
}
