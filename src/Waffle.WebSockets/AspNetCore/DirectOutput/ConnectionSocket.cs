using System.Net.Sockets;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>The socket of a connection of Kestrel's, which owns it: its end, whoever brings it, is found by the next send.</summary>
internal sealed class ConnectionSocket(Socket socket) : IConnectionSocket
{
    private bool _isSetUp;

    public KernelProgress? Progress => KernelProgress.Read(socket);

    public int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!_isSetUp)
            {
                // For calls that are not asynchronous, of which the server makes none.
                socket.Blocking = false;
                _isSetUp = true;
            }

            var sent = socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock => 0,
                _ => -1,
            };
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            return -1;
        }
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAsync(bytes);
}
