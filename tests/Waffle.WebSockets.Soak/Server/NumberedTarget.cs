namespace Waffle.WebSockets.Soak.Server;

/// <summary>A hub or a room with a number for each broadcast of ours. One caller broadcasts.</summary>
internal sealed class NumberedTarget(string name, BroadcastTarget target, string server)
{
    private long _started;
    private long _completed;

    public long Started => Volatile.Read(ref _started);

    public long Completed => Volatile.Read(ref _completed);

    public async Task<BroadcastResult> BroadcastNextAsync(CancellationToken cancellationToken)
    {
        var number = Started + 1;
        Volatile.Write(ref _started, number);
        var result = await target.BroadcastEventAsync("tick", new Tick(name, number, Filler.For(number), server), default, cancellationToken);
        Volatile.Write(ref _completed, number);
        return result;
    }
}
