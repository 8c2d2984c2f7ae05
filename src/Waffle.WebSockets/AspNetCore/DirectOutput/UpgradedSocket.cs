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
    // How a server tells the first request of a connection from others.
    private const string FirstRequest = ":00000001";

    private readonly Socket _socket;
    private readonly KernelProgress _before;
    private readonly bool _isFirst;

    private UpgradedSocket(Socket socket, KernelProgress before, bool isFirst) => (_socket, _before, _isFirst) = (socket, before, isFirst);

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
                ? new UpgradedSocket(socket, before, isFirst: http.TraceIdentifier.EndsWith(FirstRequest, StringComparison.Ordinal))
                : null;
    }

    /// <summary>The output of the upgraded connection; <see langword="null"/>: the pipe is the only way.</summary>
    public SocketAfterPipeOutput? CreateOutput(HttpContext http, PipeWriter pipe)
    {
        if (ResponseHead.LengthOf(http.Response) is not { } head)
        {
            return null;
        }

        // An answer to an earlier request, whose client has not waited for it, may lie in the pipe still. Who has the 101 has that, too; and only who has it
        // says more (RFC 6455 4.1).
        return new SocketAfterPipeOutput(pipe, new ConnectionSocket(_socket), _before.Given + head, _isFirst ? null : _before.Received);
    }
}
