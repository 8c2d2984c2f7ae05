using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 1: messages of the lengths at which the length takes another form.</summary>
public sealed class FramingCases(AutobahnServer server)
{
    private static readonly int[] _lengths = [0, 125, 126, 127, 128, 65_535, 65_536];

    private static readonly CaseTable _cases = new(
    [
        .. _lengths.Select((length, i) => TextCase($"1.1.{i + 1}", length)),
        TextCase("1.1.8", 65_536) with { Chops = new Chops(997) },
        .. _lengths.Select((length, i) => BinaryCase($"1.2.{i + 1}", length)),
        BinaryCase("1.2.8", 65_536) with { Chops = new Chops(997) },
    ]);

    public static TheoryData<string> Ids => _cases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public Task The_message_comes_back(string id) => server.RunAsync(_cases[id]);

    private static AutobahnCase TextCase(string id, int length)
    {
        var text = Repeat("*"u8, length);
        return new AutobahnCase(id, [Text(text)], Reply.Text(text));
    }

    private static AutobahnCase BinaryCase(string id, int length)
    {
        var data = Repeat([0xFE], length);
        return new AutobahnCase(id, [Binary(data)], Reply.Binary(data));
    }
}
