using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>A client that others wrote, and how it connects.</summary>
public enum InteropCell
{
    ClientWebSocketHttp11,
    ClientWebSocketHttp11Tls,
    ClientWebSocketHttp2,
    ClientWebSocketHttp2Tls,
    NodeWs,
    NodeWsTls,
    PythonWebsockets,
    PythonWebsocketsTls,
}

internal static class InteropCells
{
    public static TheoryData<InteropCell> All { get; } = [.. Enum.GetValues<InteropCell>()];

    /// <summary>Each with each way to compress, and none.</summary>
    public static MatrixTheoryData<InteropCell, MessageCompression> AllCompressions { get; } =
        new(Enum.GetValues<InteropCell>(), Enum.GetValues<MessageCompression>());

    public static InteropTransport Transport(this InteropCell cell) => cell switch
    {
        InteropCell.ClientWebSocketHttp2 => InteropTransport.Http2,
        InteropCell.ClientWebSocketHttp2Tls => InteropTransport.Http2Tls,
        InteropCell.ClientWebSocketHttp11Tls or InteropCell.NodeWsTls or InteropCell.PythonWebsocketsTls => InteropTransport.Http11Tls,
        _ => InteropTransport.Http11,
    };

    public static async Task<CuttingPeer> ConnectAsync(this InteropCell cell, Uri address, params string[] subprotocols) => cell switch
    {
        InteropCell.NodeWs or InteropCell.NodeWsTls => await ProcessPeer.ConnectAsync(PeerProgram.Node, address, subprotocols),
        InteropCell.PythonWebsockets or InteropCell.PythonWebsocketsTls =>
            await ProcessPeer.ConnectAsync(PeerProgram.Python, address, subprotocols),
        _ => await ClientWebSocketPeer.ConnectAsync(address, cell.Transport().IsHttp2(), subprotocols),
    };

    /// <summary>Connects a peer, and finds it on the server. One at a time.</summary>
    public static Task<(CuttingPeer Peer, HubClient Client)> ConnectAsync(
        this InteropScene scene, InteropCell cell, params string[] subprotocols) =>
        scene.ConnectAsync(address => cell.ConnectAsync(address, subprotocols));

    /// <summary>A scene of one peer: connects it, runs <paramref name="act"/>, and looks for what should not have been logged.</summary>
    public static async Task RunAsync(this InteropCell cell, Func<CuttingPeer, HubClient, Task> act)
    {
        await using var scene = await InteropScene.StartAsync(cell.Transport());
        var (peer, client) = await scene.ConnectAsync(cell);
        await act(peer, client);
        await scene.AssertNothingLoggedAsync();
    }
}
