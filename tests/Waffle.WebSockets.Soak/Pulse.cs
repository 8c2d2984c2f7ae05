using System.Diagnostics;

namespace Waffle.WebSockets.Soak;

/// <summary>How late this process is at what it has to do, because the machine has other work: the worst since it was last asked.</summary>
internal sealed class Pulse
{
    private static readonly TimeSpan _beat = TimeSpan.FromMilliseconds(100);

    private long _worst;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var since = Stopwatch.GetTimestamp();
            await Task.Delay(_beat, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var late = (Stopwatch.GetElapsedTime(since) - _beat).Ticks;
            Volatile.Write(ref _worst, Math.Max(late, Volatile.Read(ref _worst)));
        }
    }

    public TimeSpan TakeWorst() => TimeSpan.FromTicks(Interlocked.Exchange(ref _worst, 0));
}
