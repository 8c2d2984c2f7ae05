using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Runs a connection's handler to its end and closes after it. No exception leaves it: the request was answered with 101 long ago.</summary>
internal static class HandlerRun
{
    /// <param name="logger">Hears of its end.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="state">What the handler is given, so that it need not be a closure, which would stay as long as the connection.</param>
    public static async Task RunAsync<TState>(
        ILogger logger, WebSocketConnection connection, Func<TState, CancellationToken, Task> handler, TState state)
    {
        try
        {
            await handler(state, connection.Closed);
        }
        catch (Exception error) when (IsOfTheConnection(error, connection))
        {
            // A peer that went away or broke a rule is no fault of the handler's.
        }
        catch (Exception error)
        {
            EndpointLog.HandlerFailed(logger, error, connection.Id);
            connection.BeginClose(CloseCode.InternalError, "The handler failed.", CloseCause.HandlerFailed, error);
        }

        await connection.DisposeAsync();
        connection.ReleaseLastRead();
        var close = await connection.Completion;
        EndpointLog.Ended(logger, connection.Id, close.Cause, (int)close.Code);
    }

    /// <summary>What is there for every handler has failed, as for want of memory: nobody awaits it who could tell the server.</summary>
    public static async Task EndByFaultAsync(ILogger logger, WebSocketConnection connection, Exception error)
    {
        connection.Abort();
        try
        {
            EndpointLog.HandlerFailed(logger, error, connection.Id);
        }
        catch (Exception)
        {
            // It may be the log that has failed.
        }

        await connection.DisposeAsync();
    }

    private static bool IsOfTheConnection(Exception error, WebSocketConnection connection) => error switch
    {
        ConnectionClosedException closed => connection.HasEndedBy(closed),
        OperationCanceledException => connection.Closed.IsCancellationRequested,
        _ => false,
    };
}
