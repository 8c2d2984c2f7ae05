using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 7: Close frames of every kind, and what is sent after them.</summary>
public sealed class CloseCases(AutobahnServer server)
{
    private const string Hello = "Hello World!";

    private static readonly int[] _allowedCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
    private static readonly int[] _forbiddenCodes = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
    private static readonly byte[] _invalidReason = [.. Utf8Sequences.Kosme, 0xED, 0xA0, 0x80, .. "edited"u8];
    private static readonly byte[] _long = Repeat("BAsd7&jh23"u8, 256 * 1024);

    private static readonly CaseTable _cases = new(
    [
        new AutobahnCase("7.1.1", [Text(Hello)], Reply.Text(Hello)),
        Ends("7.1.2", CloseCode.NormalClosure, Close(1000), Close([])),
        Ends("7.1.3", CloseCode.NormalClosure, Close(1000), Ping()),
        Ends("7.1.4", CloseCode.NormalClosure, Close(1000), Text(Hello)),
        Ends("7.1.5", CloseCode.NormalClosure, Text("fragment1", isFinal: false), Close(1000), Continuation("fragment2", isFinal: true)),
        new AutobahnCase(
            "7.1.6", new Exchange([Text(_long), Text(Hello)], Reply.Text(_long), Reply.Text(Hello)), new Exchange([Close(1000), Ping()]))
        {
            Close = CloseCode.NormalClosure,
            IsRace = true,
        },
        Ends("7.3.1", CloseCode.NoStatusReceived, Close([])),
        Ends("7.3.2", CloseCode.ProtocolError, Close("a"u8.ToArray())),
        Ends("7.3.3", CloseCode.NormalClosure, Close(1000)),
        Ends("7.3.4", CloseCode.NormalClosure, Close(1000, Hello)),
        Ends("7.3.5", CloseCode.NormalClosure, Close(1000, new string('*', 123))),
        Ends("7.3.6", CloseCode.ProtocolError, Close(1000, new string('*', 124))),
        Ends("7.5.1", CloseCode.InvalidFramePayloadData, Close([0x03, 0xE8, .. _invalidReason])),
        .. _allowedCodes.Select((code, i) => Ends($"7.7.{i + 1}", (CloseCode)code, Close(code))),
        .. _forbiddenCodes.Select((code, i) => Ends($"7.9.{i + 1}", CloseCode.ProtocolError, Close(code))),

        // Autobahn only reports what comes of these.
        Ends("7.13.1", CloseCode.ProtocolError, Close(5000)),
        Ends("7.13.2", CloseCode.ProtocolError, Close(65_535)),
    ]);

    public static TheoryData<string> Ids => _cases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public Task A_close_frame_ends_the_connection_and_what_follows_is_ignored(string id) => server.RunAsync(_cases[id]);

    private static AutobahnCase Ends(string id, CloseCode code, params byte[][] frames) => new(id, frames) { Close = code };
}
