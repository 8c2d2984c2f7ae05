using System.Net;
using System.Net.Sockets;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>What a network does that stops forwarding: from a moment on nothing passes it in either direction, and neither side is told.</summary>
internal sealed class SilentProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Socket> _sockets = [];
    private readonly Task _running;
    private readonly int _target;
    private volatile bool _isSilent;

    public SilentProxy(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _running = RunAsync();
    }

    public async Task<Stream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        await socket.ConnectAsync(_listener.LocalEndPoint!);
        return new NetworkStream(socket);
    }

    public void Silence() => _isSilent = true;

    public async ValueTask DisposeAsync()
    {
        _isSilent = true;
        _end.SetResult();
        _listener.Dispose();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        await _running;
    }

    // One connection is all that a test needs.
    private async Task RunAsync()
    {
        using var near = await _listener.AcceptAsync();

        // Takes little more once it is silent.
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 16 * 1024 };
        await far.ConnectAsync(IPAddress.Loopback, _target);
        var forwarding = Task.WhenAll(ForwardAsync(near, far), ForwardAsync(far, near));
        await _end.Task;
        near.Dispose();
        far.Dispose();
        await forwarding;
    }

    private async Task ForwardAsync(Socket from, Socket to)
    {
        var buffer = new byte[4096];
        try
        {
            while (await from.ReceiveAsync(buffer) is var length and > 0 && !_isSilent)
            {
                await to.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (SocketException)
        {
            // The end of the test.
        }

        // Neither side is told, whatever was seen on the other.
        await _end.Task;
    }
}
