using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Waffle.WebSockets.TestKit.Proxies;

/// <summary>A way to a program on this machine that a test can cut, delay, close on one side, or make to swallow all, and heal again.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    // Small, so that whoever sends to one who reads too slowly is soon told by a full buffer.
    private const int SocketBufferSize = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly ConcurrentDictionary<ProxiedConnection, byte> _connections = new();
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _accepting;
    private ProxyConditions _conditions = new();

    private FaultyProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private ProxyConditions Conditions => Volatile.Read(ref _conditions);

    /// <param name="target">The program's port.</param>
    public static FaultyProxy Start(int target) => new(target);

    /// <summary>Resets all connections, and whoever connects.</summary>
    public void Cut()
    {
        Change(new ProxyConditions(Refuses: true));
        ResetAll();
    }

    /// <summary>Forwards nothing, though it accepts connections; what waits is forwarded once it is healed.</summary>
    public void Stall(ProxyDirections directions) => Change(new ProxyConditions(Stalled: directions));

    /// <summary>Forwards each piece later.</summary>
    public void Delay(TimeSpan delay) => Change(new ProxyConditions(Delay: delay));

    /// <summary>Ends one direction of all connections, and resets whoever connects.</summary>
    public void HalfClose(ProxyDirections direction)
    {
        Change(new ProxyConditions(Refuses: true));
        foreach (var (connection, _) in _connections)
        {
            connection.HalfClose(direction);
        }
    }

    /// <summary>Forwards all from now on; what was cut stays so.</summary>
    public void Heal() => Change(new ProxyConditions());

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
    }

    private void Change(ProxyConditions conditions) => Interlocked.Exchange(ref _conditions, conditions).End();

    private void ResetAll()
    {
        foreach (var (connection, _) in _connections)
        {
            connection.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket source)
    {
        var target = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SocketBufferSize };
        source.NoDelay = true;
        using var connection = new ProxiedConnection(source, target, () => Conditions);
        _connections.TryAdd(connection, 0);
        try
        {
            await target.ConnectAsync(IPAddress.Loopback, _target, _end.Token);

            // After it can be found: who cuts now either sees it or is seen.
            if (!Conditions.Refuses)
            {
                await connection.RunAsync();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The program is not there, or it was cut.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
