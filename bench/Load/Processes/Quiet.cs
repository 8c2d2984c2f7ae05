using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>Waits until servers have nothing left to do: thousands of connections that were cut off take some of them seconds.</summary>
internal static class Quiet
{
    private const double MostBusyPart = 0.05;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    public static async Task WaitAsync(IReadOnlyList<RunningServer> servers, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_look);
        var end = Clock.Now + Clock.ToNanoseconds(_patience.TotalSeconds);
        var (used, time) = (ReadSeconds(servers), Clock.Now);
        while (Clock.Now < end && await timer.WaitForNextTickAsync(cancellationToken))
        {
            var (usedNow, now) = (ReadSeconds(servers), Clock.Now);
            if (usedNow - used < MostBusyPart * Clock.ToSeconds(now - time))
            {
                return;
            }

            (used, time) = (usedNow, now);
        }
    }

    private static double ReadSeconds(IReadOnlyList<RunningServer> servers) =>
        servers.SelectMany(server => server.Processes).Sum(ProcessorTime.ReadSeconds);
}
