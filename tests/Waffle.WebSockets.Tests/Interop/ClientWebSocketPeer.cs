using System.Net;
using System.Net.WebSockets;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>.NET's own client. It pings by itself, often.</summary>
internal sealed class ClientWebSocketPeer : CuttingPeer
{
    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _invoker = new(CreateHandler());
    private readonly byte[] _buffer = new byte[16 * 1024];

    private ClientWebSocketPeer(bool isHttp2, string[] subprotocols)
    {
        _socket.Options.HttpVersion = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        _socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        _socket.Options.KeepAliveInterval = TimeSpan.FromMilliseconds(20);
        _socket.Options.KeepAliveTimeout = RawPeer.Patience;
        _socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        _socket.Options.CollectHttpResponseDetails = true;
        foreach (var subprotocol in subprotocols)
        {
            _socket.Options.AddSubProtocol(subprotocol);
        }
    }

    public override string Subprotocol => _socket.SubProtocol ?? string.Empty;

    public override string Extensions =>
        _socket.HttpResponseHeaders!.TryGetValue("Sec-WebSocket-Extensions", out var values) ? string.Join(", ", values) : string.Empty;

    public static async Task<ClientWebSocketPeer> ConnectAsync(Uri address, bool isHttp2, string[] subprotocols)
    {
        var peer = new ClientWebSocketPeer(isHttp2, subprotocols);
        await peer._socket.ConnectAsync(address, peer._invoker, CancellationToken.None).Soon();
        return peer;
    }

    public override async Task SendAsync(MessageKind kind, IReadOnlyList<byte[]> fragments)
    {
        var type = kind == MessageKind.Text ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
        for (var i = 0; i < fragments.Count; i++)
        {
            await _socket.SendAsync(fragments[i], type, endOfMessage: i == fragments.Count - 1, CancellationToken.None).Soon();
        }
    }

    public override Task PingAsync() => Task.CompletedTask;

    public override async Task<PeerClose> CloseAsync(int? code, string reason)
    {
        // Told to send none, it puts 1005 into the frame, which RFC 6455 7.4.1 forbids.
        Assert.NotNull(code);
        await _socket.CloseAsync((WebSocketCloseStatus)code, reason, CancellationToken.None).Soon();
        return ReceivedClose();
    }

    public override Task ReceiveCutAsync() => Assert.ThrowsAsync<WebSocketException>(ReceiveNextAsync);

    public override void Abort() => _socket.Abort();

    public override ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _invoker.Dispose();
        return default;
    }

    protected override async Task<object> ReceiveNextAsync()
    {
        using var data = new MemoryStream();
        while (true)
        {
            var result = await _socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None).Soon();
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(_socket.CloseStatus!.Value, _socket.CloseStatusDescription, CancellationToken.None).Soon();
                return ReceivedClose();
            }

            data.Write(_buffer, 0, result.Count);
            if (result.EndOfMessage)
            {
                return new PeerMessage(result.MessageType == WebSocketMessageType.Text ? MessageKind.Text : MessageKind.Binary, data.ToArray());
            }
        }
    }

    private PeerClose ReceivedClose() => new((int)_socket.CloseStatus!.Value, _socket.CloseStatusDescription ?? string.Empty);

    private static SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback =
            static (_, shown, _, _) => shown?.GetCertHashString() == KestrelHost.Certificate.GetCertHashString();
        return handler;
    }
}
