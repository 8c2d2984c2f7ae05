namespace Waffle.WebSockets;

/// <summary>One subscription, from when it is made until it is taken back: what came for it is not delivered to the next one.</summary>
internal sealed class InMemorySubscription(string channel)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Channel => channel;

    /// <summary>Completes when it is taken back and all that had come is delivered.</summary>
    public Task End => _end.Task;

    public void SetEnded() => _end.TrySetResult();
}
