namespace Waffle.WebSockets.Connections;

/// <summary>Tells, once, that work for a connection is no longer needed: as a task for us, as a token for the application's handlers.</summary>
#pragma warning disable CA1001 // The token source has no timer and nothing to release; handlers may hold its token after the end.
internal sealed class EndOfWork
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _token = new();
    private OneTimeEvent _event;

    public bool IsSet => _event.HasHappened;

    public Task Task => _event.Task;

    public CancellationToken Token => _token.Token;

    /// <summary>Sets both; <see langword="false"/> if they were set already. The application's callbacks run on the thread pool.</summary>
    public bool TrySet()
    {
        if (!_event.TrySet())
        {
            return false;
        }

        _ = _token.CancelAsync();
        return true;
    }
}
