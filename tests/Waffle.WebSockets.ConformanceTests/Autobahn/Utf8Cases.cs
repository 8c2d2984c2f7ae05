using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 6: UTF-8, however it is cut; and what is none, which fails the connection at its first impossible byte.</summary>
public sealed class Utf8Cases(AutobahnServer server)
{
    private const string Greeting = "Hello-µ@ßöäüàá-UTF-8!!";

    // κόσμε; then what no UTF-8 begins with from its second byte on; then plain letters.
    private static readonly byte[] _kosme = Utf8Sequences.Kosme;
    private static readonly byte[] _withSurrogate = [.. _kosme, 0xED, 0xA0, 0x80, .. "edited"u8];
    private static readonly byte[] _beyondUnicode = [.. _kosme, 0xF4, 0x90, 0x80, 0x80, .. "edited"u8];

    private static readonly CaseTable _cases = new(
    [
        new AutobahnCase("6.1.1", [Text(string.Empty)], Reply.Text(string.Empty)),
        new AutobahnCase("6.1.2", Three(string.Empty), Reply.Text(string.Empty)),
        new AutobahnCase("6.1.3", Three("middle frame payload"), Reply.Text("middle frame payload")),
        new AutobahnCase("6.2.1", [Text(Greeting)], Reply.Text(Greeting)),
        new AutobahnCase(
            "6.2.2", [Text(Greeting[..11], isFinal: false), Continuation(Greeting[11..], isFinal: true)], Reply.Text(Greeting)),
        new AutobahnCase("6.2.3", [ByteByByte(Utf8Bytes(Greeting))], Reply.Text(Greeting)),
        new AutobahnCase("6.2.4", [ByteByByte(_kosme)], Reply.Text(_kosme)),
        Fails("6.3.1", Text(_withSurrogate)),
        Fails("6.3.2", ByteByByte(_withSurrogate)),
        .. Utf8Sequences.All.Select(sequence => sequence.IsValid
            ? new AutobahnCase(sequence.Id, [Text(sequence.Bytes)], Reply.Text(sequence.Bytes))
            : Fails(sequence.Id, Text(sequence.Bytes))),
    ]);

    // In the second part is the byte that makes the text impossible. The third is never sent: by then the connection must have failed.
    private static readonly CaseTable _failFastCases = new(FailsFast("6.4.1", 11, 15), FailsFast("6.4.2", 12, 13));

    public static TheoryData<string> Ids => _cases.Ids;

    public static TheoryData<string> FailFastIds => _failFastCases.Ids;

    // The same parts, not as frames but of the one frame.
    public static TheoryData<string, int, int> FailFastInFrameIds => new() { { "6.4.3", 11, 15 }, { "6.4.4", 12, 13 } };

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Text_comes_back_or_fails_the_connection(string id) => server.RunAsync(_cases[id]);

    [Theory]
    [MemberData(nameof(FailFastIds))]
    public Task Impossible_text_fails_the_connection_before_the_message_has_ended(string id) => server.RunAsync(_failFastCases[id]);

    [Theory]
    [MemberData(nameof(FailFastInFrameIds))]
    public async Task Impossible_text_fails_the_connection_before_the_frame_has_ended(string id, int end1, int end2)
    {
        var frame = Text(_beyondUnicode);
        var header = frame.Length - _beyondUnicode.Length;
        await using (var answer = await server.ConnectAsync(AutobahnServer.Echo))
        {
            await answer.Peer.SendBytesAsync(frame.AsMemory(0, header + end1));
            await answer.Peer.SendBytesAsync(frame.AsMemory(header + end1, end2 - end1));
            await answer.Peer.ExpectEndAsync(CloseCode.InvalidFramePayloadData);
        }

        // It was not the first part: with another end it comes back.
        byte[] possible = [.. _beyondUnicode[..11], .. Repeat("ok"u8, _beyondUnicode.Length - 11)];
        if (end1 == 12)
        {
            (possible[11], possible[12], possible[13], possible[14]) = (0xF4, 0x8F, 0xBF, 0xBF);
        }

        var whole = Text(possible);
        Assert.Equal(frame[..(header + end1)], whole[..(header + end1)]);
        await server.RunAsync(new AutobahnCase(
            id, new Exchange([whole[..(header + end1)]]), new Exchange([whole[(header + end1)..]], Reply.Text(possible))));
    }

    private static AutobahnCase Fails(string id, params byte[][] frames) => new(id, frames) { Close = CloseCode.InvalidFramePayloadData };

    // Autobahn waits a second to see that the first part is accepted; here a ping tells that.
    private static AutobahnCase FailsFast(string id, int end1, int end2) => new(
        id,
        new Exchange([Text(_beyondUnicode[..end1], isFinal: false), Ping(id)], Reply.Pong(id)),
        new Exchange([Continuation(_beyondUnicode[end1..end2], isFinal: false)]))
    {
        Close = CloseCode.InvalidFramePayloadData,
    };

    private static byte[][] Three(string middle) =>
        [Text(string.Empty, isFinal: false), Continuation(middle, isFinal: false), Continuation(string.Empty, isFinal: true)];

    private static byte[] ByteByByte(byte[] text) => RawFrame.EncodeMessage(RawFrame.TextOpcode, text, fragmentLength: 1);
}
