using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>The socket below a request that is about to become a WebSocket, where nothing of the server's lies between the two but its pipe.</summary>
internal sealed class UpgradedSocket
{
    private readonly Socket _socket;
    private readonly long _before;

    private UpgradedSocket(Socket socket, long before)
    {
        _socket = socket;
        _before = before;
    }

    /// <summary>Looks for it, before the request is upgraded; <see langword="null"/>: the pipe is the only way.</summary>
    public static UpgradedSocket? Find(HttpContext http)
    {
        // The socket is shown behind TLS, HTTP/2 and connection middleware, too, which all make other bytes of ours; such middleware has a pipe of its own.
        var features = http.Features;
        return OperatingSystem.IsLinux()
            && HttpProtocol.IsHttp11(http.Request.Protocol)
            && features.Get<ISslStreamFeature>() is null
            && features.Get<ITlsConnectionFeature>() is null
            && features.Get<IConnectionTransportFeature>()?.Transport is { } pipes
            && pipes.GetType().Assembly == typeof(SocketTransportOptions).Assembly
            && features.Get<IConnectionSocketFeature>()?.Socket is { SocketType: SocketType.Stream, ProtocolType: ProtocolType.Tcp } socket
            && KernelProgress.Read(socket) is { } before
                ? new UpgradedSocket(socket, before)
                : null;
    }

    /// <summary>The output of the upgraded connection; <see langword="null"/>: the pipe is the only way.</summary>
    public SocketAfterPipeOutput? CreateOutput(HttpContext http, PipeWriter pipe) =>
        ResponseHead.LengthOf(http.Response) is { } head ? new SocketAfterPipeOutput(pipe, new ConnectionSocket(_socket), _before + head) : null;
}
