namespace Waffle.WebSockets.AspNetCore;

/// <summary>Closes, at the end of its request, a connection that a request handler accepted.</summary>
internal sealed class AcceptedConnection(WebSocketConnection connection) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            connection.Release();
        }
    }
}
