namespace Waffle.WebSockets.Bench.Growth;

/// <summary>Time on a core that this process takes, whichever thread takes it: what else runs on the machine counts little.</summary>
internal static class CpuTime
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _leastSample = TimeSpan.FromMilliseconds(100);

    /// <summary>The time of several parts of something that is done over and over.</summary>
    /// <param name="samples">How many samples, each of as many rounds as take long enough.</param>
    /// <param name="round">Does it once, and returns the time of each part.</param>
    /// <returns>For each part the median of the samples' time for a round.</returns>
    public static async Task<TimeSpan[]> MedianAsync(int samples, Func<Task<TimeSpan[]>> round)
    {
        for (var end = Now + _warmUp; Now < end;)
        {
            await round();
        }

        var taken = new List<TimeSpan[]>();
        for (var i = 0; i < samples; i++)
        {
            taken.Add(await SampleAsync(round));
        }

        return [.. taken[0].Select((_, part) => taken.Select(sample => sample[part]).Order().ElementAt(samples / 2))];
    }

    /// <summary>The time that an action takes.</summary>
    public static TimeSpan Of(Action action)
    {
        var start = Now;
        action();
        return Now - start;
    }

    /// <inheritdoc cref="Of"/>
    public static async Task<TimeSpan> OfAsync(Func<Task> action)
    {
        var start = Now;
        await action();
        return Now - start;
    }

    private static TimeSpan Now => Environment.CpuUsage.TotalTime;

    private static async Task<TimeSpan[]> SampleAsync(Func<Task<TimeSpan[]>> round)
    {
        // What was left behind before is not this sample's affair; what it leaves behind itself is.
        GC.Collect();
        var sum = await round();
        var rounds = 1;
        for (; sum.Aggregate(static (all, part) => all + part) < _leastSample; rounds++)
        {
            var parts = await round();
            sum = [.. sum.Zip(parts, static (all, part) => all + part)];
        }

        return [.. sum.Select(part => part / rounds)];
    }
}
