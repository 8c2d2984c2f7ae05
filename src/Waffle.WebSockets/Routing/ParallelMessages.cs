namespace Waffle.WebSockets.Routing;

/// <summary>How many of one client's messages are handled beside each other now, by route and in all.</summary>
internal sealed class ParallelMessages
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<Route, SemaphoreSlim>? _places;

    // The loop that begins them counts as one.
    private int _running = 1;

    /// <summary>Takes a place for a message of the route; waits for one if need be. Only one call at a time.</summary>
    public async ValueTask BeginAsync(Route route, CancellationToken cancellationToken)
    {
        _places ??= [];
        if (!_places.TryGetValue(route, out var places))
        {
            _places.Add(route, places = new SemaphoreSlim(route.MaxConcurrency));
        }

        await places.WaitAsync(cancellationToken);
        Interlocked.Increment(ref _running);
    }

    /// <summary>Gives a place back.</summary>
    public void End(Route route)
    {
        _places![route].Release();
        EndOne();
    }

    /// <summary>Completes when all that have begun have ended; no more may begin.</summary>
    public Task WhenDoneAsync()
    {
        EndOne();
        return _done.Task;
    }

    private void EndOne()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _done.SetResult();
        }
    }
}
