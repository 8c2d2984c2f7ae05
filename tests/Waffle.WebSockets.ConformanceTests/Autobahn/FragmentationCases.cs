using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Autobahn.AutobahnCase;
using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 5: messages in fragments, with control frames between them, and fragments of nothing.</summary>
public sealed class FragmentationCases(AutobahnServer server)
{
    private const string PingPayload = "ping payload";
    private const string Nothing = "non-continuation payload";

    private static readonly byte[][] _two = [Text("fragment1", isFinal: false), Continuation("fragment2", isFinal: true)];
    private static readonly byte[][] _twoAndPing = [_two[0], Ping(PingPayload), _two[1]];
    private static readonly byte[][] _behindFinalContinuation = [Continuation(Nothing, isFinal: true), Text(Hello)];
    private static readonly byte[][] _behindContinuation = [Continuation(Nothing, isFinal: false), Text(Hello)];
    private static readonly Reply _message = Reply.Text("fragment1fragment2");

    private static readonly CaseTable _cases = new(
        Fails("5.1", Frame(RawFrame.PingOpcode, "fragment1"u8, isFinal: false), Continuation("fragment2", isFinal: true)),
        Fails("5.2", Frame(RawFrame.PongOpcode, "fragment1"u8, isFinal: false), Continuation("fragment2", isFinal: true)),
        new AutobahnCase("5.3", _two, _message),
        new AutobahnCase("5.4", _two, _message) { Chops = Chops.Frames },
        new AutobahnCase("5.5", _two, _message) { Chops = Chops.Bytes },
        new AutobahnCase("5.6", _twoAndPing, Reply.Pong(PingPayload), _message),
        new AutobahnCase("5.7", _twoAndPing, Reply.Pong(PingPayload), _message) { Chops = Chops.Frames },
        new AutobahnCase("5.8", _twoAndPing, Reply.Pong(PingPayload), _message) { Chops = Chops.Bytes },
        Fails("5.9", _behindFinalContinuation),
        Fails("5.10", _behindFinalContinuation) with { Chops = Chops.Frames },
        Fails("5.11", _behindFinalContinuation) with { Chops = Chops.Bytes },
        Fails("5.12", _behindContinuation),
        Fails("5.13", _behindContinuation) with { Chops = Chops.Frames },
        Fails("5.14", _behindContinuation) with { Chops = Chops.Bytes },
        new AutobahnCase(
            "5.15", new Exchange(_two, _message), new Exchange([Continuation("fragment3", isFinal: false), Text("fragment4")]))
        {
            Close = CloseCode.ProtocolError,
            IsRace = true,
        },
        Fails("5.16", [.. Twice(isFinal: false)]),
        Fails("5.17", [.. Twice(isFinal: true)]),
        Fails("5.18", Text("fragment1", isFinal: false), Text("fragment2")),
        FiveAndTwoPings("5.19"),
        FiveAndTwoPings("5.20") with { Chops = Chops.Frames });

    public static TheoryData<string> Ids => _cases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Fragments_make_a_message_or_fail_the_connection(string id) => server.RunAsync(_cases[id]);

    // A continuation of nothing, then a message in two fragments; and both again.
    private static IEnumerable<byte[]> Twice(bool isFinal)
    {
        byte[][] frames =
        [
            Continuation("fragment1", isFinal), Text("fragment2", isFinal: false), Continuation("fragment3", isFinal: true),
        ];
        return [.. frames, .. frames];
    }

    // The first pong must come before the message has ended. Autobahn gives it a second; here the rest waits for it.
    private static AutobahnCase FiveAndTwoPings(string id) => new(
        id,
        new Exchange(
            [Text("fragment1", isFinal: false), Continuation("fragment2", isFinal: false), Ping("pongme 1!")], Reply.Pong("pongme 1!")),
        new Exchange(
            [
                Continuation("fragment3", isFinal: false), Continuation("fragment4", isFinal: false), Ping("pongme 2!"),
                Continuation("fragment5", isFinal: true),
            ],
            Reply.Pong("pongme 2!"),
            Reply.Text("fragment1fragment2fragment3fragment4fragment5")));
}
