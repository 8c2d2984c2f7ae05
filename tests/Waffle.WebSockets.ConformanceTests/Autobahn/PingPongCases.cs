using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 2: pings and pongs.</summary>
public sealed class PingPongCases(AutobahnServer server)
{
    private static readonly byte[] _noText = [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF];
    private static readonly byte[] _longest = Repeat([0xFE], 125);
    private static readonly string[] _ten = [.. Enumerable.Range(0, 10).Select(number => $"payload-{number}")];

    private static readonly CaseTable _cases = new(
        new AutobahnCase("2.1", [Ping()], Reply.Pong()),
        new AutobahnCase("2.2", [Ping("Hello, world!")], Reply.Pong("Hello, world!")),
        new AutobahnCase("2.3", [Ping(_noText)], Reply.Pong(_noText)),
        new AutobahnCase("2.4", [Ping(_longest)], Reply.Pong(_longest)),
        new AutobahnCase("2.5", [Ping(Repeat([0xFE], 126))]) { Close = CloseCode.ProtocolError },
        new AutobahnCase("2.6", [Ping(_longest)], Reply.Pong(_longest)) { Chops = Chops.Bytes },
        new AutobahnCase("2.7", [Pong(), Close(1000)]) { Close = CloseCode.NormalClosure },
        new AutobahnCase("2.8", [Pong("unsolicited pong payload"), Close(1000)]) { Close = CloseCode.NormalClosure },
        new AutobahnCase("2.9", [Pong("unsolicited pong payload"), Ping("ping payload")], Reply.Pong("ping payload")),
        TenPings("2.10"),
        TenPings("2.11") with { Chops = Chops.Bytes });

    public static TheoryData<string> Ids => _cases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Each_ping_is_answered_and_no_pong(string id) => server.RunAsync(_cases[id]);

    private static AutobahnCase TenPings(string id) => new(id, [.. _ten.Select(Ping)], [.. _ten.Select(Reply.Pong)]);
}
