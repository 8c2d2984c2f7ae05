namespace Waffle.WebSockets.Routing;

/// <summary>Reads one client's messages until its connection has ended, and has each handled: in order, or beside others where its type allows that.</summary>
internal sealed class ClientRun(HubClient client, MessageDispatcher dispatcher, CancellationToken handlersToken)
{
    private readonly ParallelMessages _parallel = new();

    /// <summary>Returns when all handlers have ended, too.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var watch = Watch();
        client.Connection.BeginRouting();
        try
        {
            while (await client.Connection.TryReadAsync(cancellationToken) is { } message)
            {
                if (dispatcher.FindParallel(message.Kind, message.Data.Span) is { } route)
                {
                    var places = await _parallel.BeginAsync(route, handlersToken);
                    client.Connection.BeginBeside();

                    // The connection's bytes are valid until the next read only.
                    _ = HandleBesideAsync(places, message.Kind, message.Data.ToArray());
                    continue;
                }

                watch.Begin();
                await dispatcher.DispatchAsync(client, message.Kind, message.Data, handlersToken);
                watch.End();
            }
        }
        finally
        {
            await _parallel.WhenDoneAsync();
            client.Connection.EndRouting();
        }

        client.Connection.EndReading();
    }

    private async Task HandleBesideAsync(SemaphoreSlim places, MessageKind kind, ReadOnlyMemory<byte> data)
    {
        using var watch = Watch();
        watch.Begin();
        try
        {
            await dispatcher.DispatchAsync(client, kind, data, handlersToken);
        }
        catch (OperationCanceledException)
        {
            // Called off with all others; the loop says so.
        }
        finally
        {
            try
            {
                client.Connection.EndBeside();
            }
            finally
            {
                _parallel.End(places);
            }
        }
    }

    private SlowHandlerWatch Watch()
    {
        var id = client.Connection.Id;
        var logger = client.Hub.Logger;
        return new SlowHandlerWatch(client.Hub.Time, seconds => RouterLog.HandlerIsSlow(logger, id, seconds));
    }
}
