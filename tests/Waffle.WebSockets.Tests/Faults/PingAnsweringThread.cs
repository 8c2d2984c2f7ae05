using System.Net;
using System.Net.Sockets;
using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>Many peers on one thread of their own, which answer pings at once whatever the thread pool does.</summary>
internal sealed class PingAnsweringThread : IDisposable
{
    // A ping of the heartbeat: two bytes of header, eight of payload.
    private const int PingLength = 10;

    private readonly List<Socket> _sockets = [];
    private readonly Dictionary<Socket, int> _pings = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Thread _thread;
    private volatile bool _isOver;
    private int _leastPings;
    private int _ended;

    public PingAnsweringThread(int port, int peers)
    {
        for (var i = 0; i < peers; i++)
        {
            var socket = Connect(port);
            _sockets.Add(socket);
            _pings.Add(socket, 0);
        }

        _thread = new Thread(Run);
        _thread.Start();
    }

    /// <summary>How many pings everybody has answered at least.</summary>
    public int LeastPings => Volatile.Read(ref _leastPings);

    /// <summary>How many connections the server has ended.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.Latin1.GetBytes(RawHandshake.Request("/ws")));
        var head = string.Empty;
        var one = new byte[1];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, socket.Receive(one));
            head += (char)one[0];
        }

        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        return socket;
    }

    private void Run()
    {
        while (!_isOver && _sockets.Count > 0)
        {
            var ready = new List<Socket>(_sockets);
            Socket.Select(ready, null, null, TimeSpan.FromMilliseconds(50));
            foreach (var socket in ready)
            {
                Answer(socket);
            }

            Volatile.Write(ref _leastPings, _pings.Values.Min());
        }
    }

    // Nothing but pings comes, and a ping is too short to come in pieces over loopback.
    private void Answer(Socket socket)
    {
        var length = socket.Receive(_buffer, SocketFlags.None, out var error);
        if (error != SocketError.Success || length == 0 || _buffer[0] != (0x80 | RawFrame.PingOpcode))
        {
            _sockets.Remove(socket);
            Interlocked.Increment(ref _ended);
            socket.Dispose();
            return;
        }

        for (var at = 0; at < length; at += PingLength)
        {
            socket.Send(RawFrame.Encode(RawFrame.PongOpcode, _buffer.AsSpan(at + 2, PingLength - 2), mask: [1, 2, 3, 4]), SocketFlags.None, out _);
            _pings[socket]++;
        }
    }
}
