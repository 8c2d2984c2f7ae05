using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Autobahn.AutobahnCase;
using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 3: reserved bits, of which no extension has given a meaning to any.</summary>
public sealed class ReservedBitCases(AutobahnServer server)
{
    private static readonly CaseTable _cases = new(
        Fails("3.1", Text(Hello, reservedBits: 1)),
        FailsBehindMessage("3.2", Text(Hello, reservedBits: 2)),
        FailsBehindMessage("3.3", Text(Hello, reservedBits: 3)) with { Chops = Chops.Frames },
        FailsBehindMessage("3.4", Text(Hello, reservedBits: 4)) with { Chops = Chops.Bytes },
        Fails("3.5", Binary([0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF], reservedBits: 5)),
        Fails("3.6", Binary(Utf8Bytes(Hello), reservedBits: 6)),
        Fails("3.7", Frame(RawFrame.CloseOpcode, reservedBits: 7)));

    public static TheoryData<string> Ids => _cases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public Task A_reserved_bit_fails_the_connection(string id) => server.RunAsync(_cases[id]);
}
