using Microsoft.AspNetCore.Server.Kestrel.Core;

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
}

internal static class InteropCells
{
    public static TheoryData<InteropCell> All { get; } = [.. Enum.GetValues<InteropCell>()];

    /// <summary>Each with each way to compress, and none.</summary>
    public static TheoryData<InteropCell, MessageCompression> AllCompressions { get; } = new(
        from cell in Enum.GetValues<InteropCell>()
        from compression in Enum.GetValues<MessageCompression>()
        select (cell, compression));

    public static bool IsTls(this InteropCell cell) =>
        cell is InteropCell.ClientWebSocketHttp11Tls or InteropCell.ClientWebSocketHttp2Tls or InteropCell.NodeWsTls;

    public static bool IsHttp2(this InteropCell cell) => cell is InteropCell.ClientWebSocketHttp2 or InteropCell.ClientWebSocketHttp2Tls;

    public static HttpProtocols ServerProtocols(this InteropCell cell) => cell.IsHttp2() ? HttpProtocols.Http2 : HttpProtocols.Http1;

    public static async Task<InteropPeer> ConnectAsync(this InteropCell cell, Uri address, params string[] subprotocols) => cell switch
    {
        InteropCell.NodeWs or InteropCell.NodeWsTls => await NodePeer.ConnectAsync(address, subprotocols),
        _ => await ClientWebSocketPeer.ConnectAsync(address, cell.IsHttp2(), subprotocols),
    };
}
