namespace Waffle.WebSockets.Soak.Server;

/// <summary>Ticks at a steady rate: each second one to the hub and one to every second room.</summary>
internal sealed class Broadcaster(Targets targets) : BackgroundService
{
    private const int StepsPerSecond = 10;
    private const int RoomsPerStep = Targets.RoomCount / (2 * StepsPerSecond);

    private long _broadcasts;
    private long _queued;
    private long _lost;

    public long Broadcasts => Volatile.Read(ref _broadcasts);

    /// <summary>Members that were sent one.</summary>
    public long Deliveries => Volatile.Read(ref _queued);

    /// <summary>Members that did not get one: their queue was full, or they were closing.</summary>
    public long Lost => Volatile.Read(ref _lost);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var steps = new PeriodicTimer(TimeSpan.FromSeconds(1) / StepsPerSecond);
        for (var step = 0; await steps.WaitForNextTickAsync(stoppingToken); step++)
        {
            if (step % StepsPerSecond == 0)
            {
                await TickAsync(targets.Hub, stoppingToken);
            }

            for (var i = 0; i < RoomsPerStep; i++)
            {
                await TickAsync(targets.Room(((step * RoomsPerStep) + i) % Targets.RoomCount), stoppingToken);
            }
        }
    }

    private async Task TickAsync(NumberedTarget target, CancellationToken cancellationToken)
    {
        var result = await target.BroadcastNextAsync(cancellationToken);
        Volatile.Write(ref _broadcasts, _broadcasts + 1);
        Volatile.Write(ref _queued, _queued + result.Queued);
        Volatile.Write(ref _lost, _lost + result.Dropped + result.Closed);
    }
}
