using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 9: long messages, many fragments, small writes, many messages. Autobahn measures; here they must come back.</summary>
public sealed class LimitCases(AutobahnServer server)
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;
    private const int RoundTrips = 1_000;

    private static readonly int[] _lengths = [64 * KiB, 256 * KiB, MiB, 4 * MiB, 8 * MiB, 16 * MiB];
    private static readonly int[] _fragmentLengths = [64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB, 4 * MiB];
    private static readonly int[] _writeLengths = [64, 128, 256, 512, KiB, 2 * KiB];
    private static readonly int[] _roundTripLengths = [0, 16, 64, 256, KiB, 4 * KiB];

    public static TheoryData<string, bool, int> Lengths => Rows(1, _lengths);

    public static TheoryData<string, bool, int> FragmentLengths => Rows(3, _fragmentLengths);

    public static TheoryData<string, bool, int> WriteLengths => Rows(5, _writeLengths);

    public static TheoryData<string, bool, int> RoundTripLengths => Rows(7, _roundTripLengths);

    [Theory]
    [MemberData(nameof(Lengths))]
    public Task A_long_message_comes_back(string id, bool isText, int length) =>
        server.RunAsync(Case(id, isText, Pattern(isText, length), message => [Frame(Opcode(isText), message)]));

    [Theory]
    [MemberData(nameof(FragmentLengths))]
    public Task A_message_of_4_MiB_in_fragments_comes_back(string id, bool isText, int fragmentLength)
    {
        // Of the binary ones the first alone is of bytes that are no text.
        var message = Repeat(id == "9.4.1" ? [0xFE] : "*"u8, 4 * MiB);
        return server.RunAsync(Case(id, isText, message, whole => [RawFrame.EncodeMessage(Opcode(isText), whole, fragmentLength)]));
    }

    [Theory]
    [MemberData(nameof(WriteLengths))]
    public Task A_message_of_1_MiB_in_small_writes_comes_back(string id, bool isText, int writeLength)
    {
        var whole = Case(id, isText, Pattern(isText, MiB), message => [Frame(Opcode(isText), message)]);
        return server.RunAsync(whole with { Chops = new Chops(writeLength) });
    }

    [Theory]
    [MemberData(nameof(RoundTripLengths))]
    public Task A_thousand_messages_come_back_one_by_one(string id, bool isText, int length)
    {
        var single = Case(id, isText, Repeat(isText ? "*"u8 : [0xFE], length), message => [Frame(Opcode(isText), message)]);
        return server.RunAsync(single with { Exchanges = [.. Enumerable.Repeat(single.Exchanges[0], RoundTrips)] });
    }

    // Text in the group of this number, binary in the next one.
    private static TheoryData<string, bool, int> Rows(int group, int[] lengths) => new(
        from isText in (bool[])[true, false]
        from i in Enumerable.Range(0, lengths.Length)
        select ($"9.{(isText ? group : group + 1)}.{i + 1}", isText, lengths[i]));

    private static AutobahnCase Case(string id, bool isText, byte[] message, Func<byte[], byte[][]> encode) =>
        new(id, encode(message), isText ? Reply.Text(message) : Reply.Binary(message));

    private static byte[] Pattern(bool isText, int length) => Repeat(isText ? "BAsd7&jh23"u8 : [0x00, 0xFE, 0x23, 0xFA, 0xF0], length);

    private static byte Opcode(bool isText) => isText ? RawFrame.TextOpcode : RawFrame.BinaryOpcode;
}
