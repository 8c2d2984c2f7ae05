using Waffle.WebSockets.Connections;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The connections that a drain has closed or cut, and what became of them.</summary>
/// <remarks>Safe to use from any thread. One connection's fault, such as no memory for its Close, keeps nobody else from being closed.</remarks>
internal sealed class DrainedConnections(WebSocketDrainOptions options)
{
    private readonly Lock _connectionsLock = new();

    // Those that were cut before their turn have no Close.
    private readonly Dictionary<WebSocketConnection, PendingClose?> _connections = [];
    private bool _isOver;

    /// <summary>Closes a connection, when what it has sent is handled.</summary>
    public void Close(WebSocketConnection connection)
    {
        try
        {
            Add(connection, connection.CloseWhenHandled(options.CreateClose(), options.HandlerTimeout));
        }
        catch (Exception)
        {
            // It is cut in the end.
        }
    }

    /// <summary>Cuts a connection.</summary>
    public void Cut(WebSocketConnection connection)
    {
        try
        {
            Add(connection, null);
            connection.AbortFor(CloseCause.Shutdown);
        }
        catch (Exception)
        {
            // The host cuts it.
        }
    }

    /// <summary>Counts, and forgets them.</summary>
    public WebSocketDrainReport CreateReport(int leftBehind, TimeSpan elapsed)
    {
        lock (_connectionsLock)
        {
            _isOver = true;
            var cut = _connections.Keys.Count(static connection => connection.IsCutHere);
            var report = new WebSocketDrainReport
            {
                Connections = _connections.Count,
                Closed = _connections.Count - cut,
                Cut = cut,
                Finished = _connections.Values.Count(static pending => pending is { WasAtWork: true, IsFinished: true }),
                LeftBehind = leftBehind,
                Elapsed = elapsed,
            };
            _connections.Clear();
            return report;
        }
    }

    private void Add(WebSocketConnection connection, PendingClose? pending)
    {
        lock (_connectionsLock)
        {
            if (!_isOver)
            {
                _connections.TryAdd(connection, pending);
            }
        }
    }
}
