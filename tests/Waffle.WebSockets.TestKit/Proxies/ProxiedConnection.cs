using System.Net.Sockets;

namespace Waffle.WebSockets.TestKit.Proxies;

/// <summary>One connection through a proxy: two directions, each of which can be closed on its own.</summary>
internal sealed class ProxiedConnection(Socket source, Socket target, Func<ProxyConditions> conditions) : IDisposable
{
    private const int PieceSize = 16 * 1024;

    private readonly CancellationTokenSource _end = new();
    private int _closed;
    private int _isDisposed;

    /// <summary>Forwards until both directions have ended.</summary>
    public async Task RunAsync()
    {
        await Task.WhenAll(PumpAsync(source, target, ProxyDirections.ToTarget), PumpAsync(target, source, ProxyDirections.FromTarget));
    }

    /// <summary>Ends one direction as its sender would; the other goes on.</summary>
    public void HalfClose(ProxyDirections direction)
    {
        Interlocked.Or(ref _closed, (int)direction);
        try
        {
            (direction == ProxyDirections.ToTarget ? target : source).Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (IsGone(error))
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Ends both, without a word.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _end.Cancel();
            _end.Dispose();
            source.Close(timeout: 0);
            target.Close(timeout: 0);
        }
    }

    private static bool IsGone(Exception error) => error is SocketException or ObjectDisposedException or OperationCanceledException;

    private bool IsClosed(ProxyDirections direction) => ((ProxyDirections)Volatile.Read(ref _closed)).HasFlag(direction);

    private async Task PumpAsync(Socket from, Socket to, ProxyDirections direction)
    {
        var piece = new byte[PieceSize];
        try
        {
            while (true)
            {
                var length = await from.ReceiveAsync(piece, _end.Token);
                while (!await conditions().PassAsync(direction, _end.Token))
                {
                }

                if (length == 0)
                {
                    HalfClose(direction);
                    return;
                }

                await SendAsync(to, piece.AsMemory(0, length), direction);
            }
        }
        catch (Exception error) when (IsGone(error))
        {
            Dispose();
        }
    }

    // What comes in a direction that was closed is swallowed.
    private async Task SendAsync(Socket to, Memory<byte> bytes, ProxyDirections direction)
    {
        try
        {
            while (!bytes.IsEmpty && !IsClosed(direction))
            {
                bytes = bytes[await to.SendAsync(bytes, _end.Token)..];
            }
        }
        catch (SocketException) when (IsClosed(direction))
        {
            // Closed meanwhile.
        }
    }
}
