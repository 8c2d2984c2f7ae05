using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Autobahn.ClientFrames;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 10: a message whose sender cuts it into fragments that do not divide it evenly.</summary>
public sealed class AutoFragmentationCases(AutobahnServer server)
{
    private static readonly byte[] _message = Repeat("*"u8, 65_536);

    private static readonly CaseTable _cases = new(
        new AutobahnCase("10.1.1", [RawFrame.EncodeMessage(RawFrame.TextOpcode, _message, 1_300)], Reply.Text(_message)));

    public static TheoryData<string> Ids => _cases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public Task The_message_comes_back(string id) => server.RunAsync(_cases[id]);
}
