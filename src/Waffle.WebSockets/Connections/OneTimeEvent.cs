namespace Waffle.WebSockets.Connections;

/// <summary>Something that happens once. Its task is made only for who asks before it has happened.</summary>
/// <remarks>A field of its owner's, never copied. Safe to use from any thread; continuations run on the thread pool.</remarks>
internal struct OneTimeEvent
{
    private static readonly TaskCompletionSource _happened = CreateHappened();

    private TaskCompletionSource? _task;

    public bool HasHappened => Volatile.Read(ref _task) is { Task.IsCompleted: true };

    public Task Task => (Volatile.Read(ref _task) ?? Await()).Task;

    /// <summary>It happens; <see langword="false"/> if it has already.</summary>
    public bool TrySet() => Interlocked.CompareExchange(ref _task, _happened, null) is not { } awaited || awaited.TrySetResult();

    private TaskCompletionSource Await()
    {
        var awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.CompareExchange(ref _task, awaited, null) ?? awaited;
    }

    private static TaskCompletionSource CreateHappened()
    {
        var happened = new TaskCompletionSource();
        happened.SetResult();
        return happened;
    }
}
