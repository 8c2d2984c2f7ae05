namespace Waffle.WebSockets.Routing;

/// <summary>How many of one client's messages are handled beside each other now, by route and in all.</summary>
internal sealed class ParallelMessages
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Only the loop looks in here; who ends has its places in hand.
    private Dictionary<Route, SemaphoreSlim>? _places;

    // The loop that begins them counts as one.
    private int _running = 1;

    /// <summary>Takes a place for a message of the route; waits for one if need be. Only one call at a time.</summary>
    /// <returns>Where to give it back: <see cref="End"/>.</returns>
    public async ValueTask<SemaphoreSlim> BeginAsync(Route route, CancellationToken cancellationToken)
    {
        _places ??= [];
        if (!_places.TryGetValue(route, out var places))
        {
            _places.Add(route, places = new SemaphoreSlim(route.MaxConcurrency));
        }

        await places.WaitAsync(cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            // A place became free just when all were called off.
            places.Release();
            cancellationToken.ThrowIfCancellationRequested();
        }

        Interlocked.Increment(ref _running);
        return places;
    }

    /// <summary>Gives a place back. Safe to call from any thread.</summary>
    public void End(SemaphoreSlim places)
    {
        places.Release();
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
