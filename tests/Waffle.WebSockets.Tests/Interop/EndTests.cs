using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>Each side sees how the other ended the connection.</summary>
public class EndTests
{
    // 123 bytes, the most that a Close can carry.
    private static readonly string _longestReason = new string('é', 60) + "end";

    public static TheoryData<InteropCell> Cells => InteropCells.All;

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task The_server_sees_code_and_reason_of_a_peers_Close_and_answers_with_the_code(InteropCell cell)
    {
        await using var scene = await InteropScene.StartAsync(cell.Transport());
        foreach (var (code, reason) in new[] { (1000, string.Empty), (1001, "gone"), (3000, "säge ✓"), (4999, _longestReason) })
        {
            var (peer, client) = await scene.ConnectAsync(cell);
            Assert.Equal(code, (await peer.CloseAsync(code, reason)).Code);
            var close = await client.Connection.Completion.Soon();
            Assert.Equal(new CloseInfo((CloseCode)code, reason, CloseCause.PeerClosed), close);
        }

        await scene.AssertNothingLoggedAsync();
    }

    // The other clients can't send such a Close.
    [Theory]
    [InlineData(InteropCell.NodeWs)]
    [InlineData(InteropCell.NodeWsTls)]
    public Task A_Close_without_a_code_is_answered_by_one_without_a_code(InteropCell cell) => cell.RunAsync(async (peer, client) =>
    {
        Assert.Equal(new PeerClose(1005, string.Empty), await peer.CloseAsync(null, string.Empty));
        var close = await client.Connection.Completion.Soon();
        Assert.Equal(new CloseInfo(CloseCode.NoStatusReceived, string.Empty, CloseCause.PeerClosed), close);
    });

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_peer_sees_code_and_reason_of_the_servers_Close_and_answers_it(InteropCell cell)
    {
        await using var scene = await InteropScene.StartAsync(cell.Transport());
        foreach (var (code, reason) in new[] { (1001, string.Empty), (1013, "säge ✓"), (4000, _longestReason) })
        {
            var (peer, client) = await scene.ConnectAsync(cell);
            var closing = client.Connection.CloseAsync((CloseCode)code, reason);
            Assert.Equal(new PeerClose(code, reason), await peer.ReceiveCloseAsync());
            await closing.Soon();
            Assert.Equal(new CloseInfo((CloseCode)code, reason, CloseCause.ClosedHere), await client.Connection.Completion);
        }

        await scene.AssertNothingLoggedAsync();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public Task A_peer_that_cuts_the_connection_has_vanished(InteropCell cell) => cell.RunAsync(async (peer, client) =>
    {
        peer.Abort();
        var close = await client.Connection.Completion.Soon();
        Assert.Equal((CloseCode.AbnormalClosure, CloseCause.PeerVanished), (close.Code, close.Cause));
        await Wait.Eventually(() => client.Hub.Count == 0);
    });

    [Theory]
    [InlineData(InteropCell.NodeWs)]
    [InlineData(InteropCell.NodeWsTls)]
    [InlineData(InteropCell.PythonWebsockets)]
    [InlineData(InteropCell.PythonWebsocketsTls)]
    public Task A_peer_whose_process_dies_has_vanished(InteropCell cell) => cell.RunAsync(async (peer, client) =>
    {
        ((ProcessPeer)peer).Kill();
        Assert.Equal(CloseCause.PeerVanished, (await client.Connection.Completion.Soon()).Cause);
    });

    [Theory]
    [MemberData(nameof(Cells))]
    public Task A_peer_that_the_server_aborts_sees_no_Close(InteropCell cell) => cell.RunAsync(async (peer, client) =>
    {
        client.Connection.Abort();
        await peer.ReceiveCutAsync();
        Assert.Equal(CloseCause.Aborted, (await client.Connection.Completion.Soon()).Cause);
    });
}
