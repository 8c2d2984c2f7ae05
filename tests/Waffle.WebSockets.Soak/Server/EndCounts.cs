namespace Waffle.WebSockets.Soak.Server;

/// <summary>How many connections have ended, by cause.</summary>
internal sealed class EndCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<CloseCause>().Length];

    public void Add(CloseCause cause) => Interlocked.Increment(ref _counts[(int)cause]);

    public Dictionary<CloseCause, long> Read() => Enum.GetValues<CloseCause>()
        .Where(cause => Volatile.Read(ref _counts[(int)cause]) > 0)
        .ToDictionary(cause => cause, cause => Volatile.Read(ref _counts[(int)cause]));
}
