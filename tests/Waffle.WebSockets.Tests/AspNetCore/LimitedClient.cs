using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>A client over HTTP/1.1 or HTTP/2 for which little is under way that it has not read.</summary>
internal sealed class LimitedClient : IAsyncDisposable
{
    private Http2Peer? _connection;

    public required RawPeer Peer { get; init; }

    /// <param name="host">The server.</param>
    /// <param name="protocols">HTTP/1.1 or HTTP/2.</param>
    /// <param name="path">A WebSocket's, or that of an ordinary GET.</param>
    /// <param name="window">Over HTTP/2, how many bytes the server may send.</param>
    public static async Task<LimitedClient> ConnectAsync(KestrelHost host, HttpProtocols protocols, string path = "/ws", int window = int.MaxValue)
    {
        var isWebSocket = path == "/ws";
        if (protocols == HttpProtocols.Http1)
        {
            var stream = await host.ConnectAsync(socket => socket.ReceiveBufferSize = 4 * 1024);
            var request = isWebSocket ? RawHandshake.Request(path) : Request("GET", path);
            return new LimitedClient { Peer = new RawPeer((await RawHandshake.SendAsync(stream, request)).Transport) };
        }

        var connection = await Http2Peer.ConnectAsync(host, window);
        var opened = isWebSocket ? await connection.ConnectStreamAsync(path) : await connection.OpenAsync(Fields("GET", path));
        Assert.Equal(200, await opened.Status.Soon());
        return new LimitedClient { Peer = opened.ToRawPeer(), _connection = connection };
    }

    /// <summary>An ordinary request that sends none of its body is ended by the server.</summary>
    public static async Task ExpectSlowSenderIsEndedAsync(KestrelHost host, HttpProtocols protocols)
    {
        const int Length = 1000;
        if (protocols == HttpProtocols.Http1)
        {
            var request = Request("POST", "/body", $"Content-Length: {Length}");
            var (head, _) = await RawHandshake.SendAsync(await host.ConnectAsync(), request);
            Assert.StartsWith("HTTP/1.1 408 ", head, StringComparison.Ordinal);
            return;
        }

        await using var connection = await Http2Peer.ConnectAsync(host);
        await connection.OpenAsync([.. Fields("POST", "/body"), ("content-length", Length.ToString(CultureInfo.InvariantCulture))]);
        await connection.Ended.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private static string Request(string method, string path, params string[] lines) =>
        string.Join("\r\n", [$"{method} {path} HTTP/1.1", "Host: localhost", .. lines, string.Empty, string.Empty]);

    private static (string Name, string Value)[] Fields(string method, string path) =>
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "localhost")];
}
