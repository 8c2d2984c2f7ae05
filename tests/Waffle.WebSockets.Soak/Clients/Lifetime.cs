namespace Waffle.WebSockets.Soak.Clients;

/// <summary>How long a client stays: its own time, or until the run ends.</summary>
internal sealed class Lifetime(TimeSpan length, CancellationToken stop)
{
    private readonly long _end = Environment.TickCount64 + (long)length.TotalMilliseconds;

    public bool IsOver => stop.IsCancellationRequested || Environment.TickCount64 >= _end;

    /// <summary>Waits, at most to the end.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        var left = TimeSpan.FromMilliseconds(Math.Max(0, _end - Environment.TickCount64));
        await Task.Delay(time < left ? time : left, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
