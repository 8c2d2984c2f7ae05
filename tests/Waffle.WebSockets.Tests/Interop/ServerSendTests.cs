using Microsoft.AspNetCore.Server.Kestrel.Core;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>Messages that the server sends unasked, to one and to all.</summary>
public class ServerSendTests
{
    public static TheoryData<InteropCell> Cells => InteropCells.All;

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task What_the_server_sends_before_it_has_heard_anything_arrives_before_its_Close(InteropCell cell)
    {
        var messages = InteropMessages.Create(new Random(1));
        await using var scene = await InteropScene.StartAsync(cell.Transport(), async (client, ct) =>
        {
            foreach (var message in messages)
            {
                Assert.Equal(SendStatus.Queued, await client.Connection.WriteAsync(message.Kind, message.Data, ct));
            }
        });
        var (peer, client) = await scene.ConnectAsync(cell);
        foreach (var message in messages)
        {
            InteropMessages.AssertEqual(message, await peer.ReceiveAsync());
        }

        Assert.Equal(new PeerClose(1000, string.Empty), await peer.ReceiveCloseAsync());
        Assert.Equal(new CloseInfo(CloseCode.NormalClosure, string.Empty, CloseCause.ClosedHere), await client.Connection.Completion.Soon());
        await scene.AssertNothingLoggedAsync();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_broadcast_reaches_every_peer_in_the_same_order(InteropCell cell)
    {
        await using var scene = await InteropScene.StartAsync(cell.Transport());
        await BroadcastAsync(scene, cell, cell, cell);
    }

    [Theory]
    [InlineData(
        true, InteropCell.ClientWebSocketHttp11Tls, InteropCell.ClientWebSocketHttp2Tls, InteropCell.NodeWsTls, InteropCell.PythonWebsocketsTls)]
    [InlineData(false, InteropCell.ClientWebSocketHttp11, InteropCell.NodeWs, InteropCell.PythonWebsockets)]
    public async Task A_broadcast_reaches_peers_of_different_kinds_in_the_same_order(bool useTls, params InteropCell[] cells)
    {
        await using var scene = await InteropScene.StartAsync(useTls, useTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1);
        await BroadcastAsync(scene, cells);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_peer_that_is_cut_off_amid_broadcasts_takes_nothing_from_the_others(InteropCell cell)
    {
        await using var scene = await InteropScene.StartAsync(cell.Transport());
        var (steady, _) = await scene.ConnectAsync(cell);
        var (leaving, left) = await scene.ConnectAsync(cell);
        var messages = InteropMessages.Create(new Random(3), maxSize: 65_536);
        for (var i = 0; i < messages.Count; i++)
        {
            if (i == messages.Count / 2)
            {
                leaving.Abort();
            }

            await scene.Hub.BroadcastAsync(Prepare(messages[i]));
        }

        foreach (var message in messages)
        {
            InteropMessages.AssertEqual(message, await steady.ReceiveAsync());
        }

        Assert.Equal(CloseCause.PeerVanished, (await left.Connection.Completion.Soon()).Cause);
        await Wait.Eventually(() => scene.Hub.Count == 1);
        await steady.CloseAsync(1000, string.Empty);
        await scene.AssertNothingLoggedAsync();
    }

    private static async Task BroadcastAsync(InteropScene scene, params InteropCell[] cells)
    {
        var peers = new List<InteropPeer>();
        foreach (var cell in cells)
        {
            peers.Add((await scene.ConnectAsync(cell)).Peer);
        }

        var messages = InteropMessages.Create(new Random(2), maxSize: 65_536);
        foreach (var message in messages)
        {
            Assert.Equal(new BroadcastResult(cells.Length, 0, 0), await scene.Hub.BroadcastAsync(Prepare(message)));
        }

        foreach (var peer in peers)
        {
            foreach (var message in messages)
            {
                InteropMessages.AssertEqual(message, await peer.ReceiveAsync());
            }
        }

        var closing = scene.Hub.CloseAsync(CloseCode.ServiceRestart, "back soon");
        foreach (var peer in peers)
        {
            Assert.Equal(new PeerClose(1012, "back soon"), await peer.ReceiveCloseAsync());
        }

        await closing.Soon();
        await scene.AssertNothingLoggedAsync();
    }

    private static PreparedMessage Prepare(PeerMessage message) =>
        message.Kind == MessageKind.Text ? PreparedMessage.Text(message.Data) : PreparedMessage.Binary(message.Data);
}
