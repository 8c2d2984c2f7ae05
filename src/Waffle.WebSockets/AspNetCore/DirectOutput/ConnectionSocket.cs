using System.Net.Sockets;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>The socket of a connection of Kestrel's, which owns it: its end, whoever brings it, is found by the next send.</summary>
internal sealed class ConnectionSocket : ISocket
{
    private readonly Socket _socket;

    public ConnectionSocket(Socket socket)
    {
        _socket = socket;

        // Only for calls that are not asynchronous, of which the server makes none.
        socket.Blocking = false;
    }

    public long? BytesGiven => KernelProgress.Read(_socket);

    public int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes);
}
