using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>Messages of all lengths in any frames, both ways at once, among pings from both sides.</summary>
public class EchoTests
{
    public static MatrixTheoryData<InteropCell, MessageCompression> Cells => InteropCells.AllCompressions;

    [Theory]
    [MemberData(nameof(Cells))]
    public Task Every_message_comes_back_as_it_was_sent(InteropCell cell, MessageCompression compression) =>
        InteropExchange.RunAsync(cell.Transport(), compression, async address => await cell.ConnectAsync(address));
}
