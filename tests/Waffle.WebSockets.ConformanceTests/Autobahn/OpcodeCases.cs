using static Waffle.WebSockets.ConformanceTests.Autobahn.AutobahnCase;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 4: all opcodes that nobody has defined.</summary>
public sealed class OpcodeCases(AutobahnServer server)
{
    private static readonly CaseTable _cases = new([.. CasesFrom("4.1", firstOpcode: 0x3), .. CasesFrom("4.2", firstOpcode: 0xB)]);

    public static TheoryData<string> Ids => _cases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public Task A_reserved_opcode_fails_the_connection(string id) => server.RunAsync(_cases[id]);

    // The five reserved opcodes for data, and the five for control frames, are tried in the same ways.
    private static IEnumerable<AutobahnCase> CasesFrom(string group, byte firstOpcode) =>
    [
        Fails($"{group}.1", Frame(firstOpcode)),
        Fails($"{group}.2", Frame((byte)(firstOpcode + 1), "reserved opcode payload"u8)),
        FailsBehindMessage($"{group}.3", Frame((byte)(firstOpcode + 2))),
        FailsBehindMessage($"{group}.4", Frame((byte)(firstOpcode + 3), Utf8Bytes(Hello))),
        FailsBehindMessage($"{group}.5", Frame((byte)(firstOpcode + 4), Utf8Bytes(Hello))) with { Chops = Chops.Bytes },
    ];
}
