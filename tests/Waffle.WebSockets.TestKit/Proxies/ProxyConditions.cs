namespace Waffle.WebSockets.TestKit.Proxies;

/// <summary>What is wrong with a way at present.</summary>
/// <param name="Refuses">Whoever connects is cut off.</param>
/// <param name="Stalled">Where nothing is forwarded.</param>
/// <param name="Delay">How much later each piece is forwarded.</param>
internal sealed record ProxyConditions(bool Refuses = false, ProxyDirections Stalled = ProxyDirections.None, TimeSpan Delay = default)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>They are others now.</summary>
    public void End() => _end.TrySetResult();

    /// <summary>Waits as long as a piece has to; never longer than the conditions last.</summary>
    /// <returns>Whether it may go on; otherwise it has to look at the conditions that there are now.</returns>
    public async Task<bool> PassAsync(ProxyDirections direction, CancellationToken cancellationToken)
    {
        if (Stalled.HasFlag(direction))
        {
            await _end.Task.WaitAsync(cancellationToken);
            return false;
        }

        if (Delay > TimeSpan.Zero)
        {
            // Waits for nothing: it is the fault itself.
            await Task.WhenAny(Task.Delay(Delay, cancellationToken), _end.Task);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return true;
    }
}
