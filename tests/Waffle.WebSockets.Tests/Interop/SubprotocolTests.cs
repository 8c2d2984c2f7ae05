using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>Both sides know the subprotocol that was agreed.</summary>
public class SubprotocolTests
{
    public static TheoryData<InteropCell> Cells => InteropCells.All;

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Of_what_a_peer_offers_both_sides_agree_on_what_the_server_prefers(InteropCell cell)
    {
        await using var scene = await InteropScene.StartAsync(cell.Transport());
        var (peer, client) = await scene.ConnectAsync(cell, "unheard-of", "interop.v1", InteropScene.PreferredSubprotocol);
        Assert.Equal((InteropScene.PreferredSubprotocol, InteropScene.PreferredSubprotocol), (client.Connection.Subprotocol, peer.Subprotocol));
        await peer.CloseAsync(1000, string.Empty);
        await scene.AssertNothingLoggedAsync();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_peer_that_offers_none_gets_none(InteropCell cell)
    {
        await using var scene = await InteropScene.StartAsync(cell.Transport());
        var (peer, client) = await scene.ConnectAsync(cell);
        Assert.Null(client.Connection.Subprotocol);
        Assert.Empty(peer.Subprotocol);
        await peer.CloseAsync(1000, string.Empty);
        await scene.AssertNothingLoggedAsync();
    }
}
