namespace Chat;

/// <summary>Asks one question at a time: who wants an answer while one is under way gets that of the next, together with all others who do.</summary>
internal sealed class SharedQuestion<T>(Func<Task<T>> ask)
{
    private readonly Lock _turnLock = new();
    private Task<T>? _underWay;
    private Task<T>? _next;

    /// <summary>The answer to a question that is asked from now on: none from before.</summary>
    public Task<T> AskAsync()
    {
        lock (_turnLock)
        {
            return _next is null && _underWay is null or { IsCompleted: true }
                ? _underWay = ask()
                : _next ??= AskNextAsync(_underWay!);
        }
    }

    private async Task<T> AskNextAsync(Task before)
    {
        // Never at once, within the lock.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<T> question;
        lock (_turnLock)
        {
            (_underWay, _next) = (question = ask(), null);
        }

        return await question;
    }
}
