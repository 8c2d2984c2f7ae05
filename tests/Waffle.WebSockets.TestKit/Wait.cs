namespace Waffle.WebSockets.TestKit;

/// <summary>Waiting for what must happen, without guessing how long it takes.</summary>
public static class Wait
{
    /// <summary>Returns once <paramref name="condition"/> holds; fails when it has not for a long time.</summary>
    public static Task Eventually(Func<bool> condition, string? what = null) => Eventually(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="Eventually(Func{bool}, string?)"/>
    public static async Task Eventually(Func<Task<bool>> condition, string? what = null)
    {
        var end = Environment.TickCount64 + (long)RawPeer.Patience.TotalMilliseconds;
        for (var round = 0; !await condition(); round++)
        {
            if (Environment.TickCount64 > end)
            {
                throw new TimeoutException($"It did not come true within {RawPeer.Patience}: {what ?? "the condition"}.");
            }

            await Pause(round);
        }
    }

    /// <summary>Awaits <paramref name="task"/>; fails when it has not ended for a long time.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(RawPeer.Patience);

    /// <inheritdoc cref="Soon(Task)"/>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(RawPeer.Patience);

    /// <inheritdoc cref="Soon(Task)"/>
    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(RawPeer.Patience);

    /// <summary>The result of what waits for nothing; fails when it has not completed already.</summary>
    public static T AtOnce<T>(this ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("It did not complete at once.", task.AsTask().Exception);

    /// <summary>Never ends by itself; is called off by its token.</summary>
    public static async Task ForCancellationAsync(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await never.Task.WaitAsync(cancellationToken);
    }

    // Lets others run: at first by yielding, then by polling gently.
    private static async Task Pause(int round)
    {
        if (round < 100)
        {
            await Task.Yield();
        }
        else
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            await timer.WaitForNextTickAsync();
        }
    }
}
