using System.Collections.Concurrent;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>What clients have done.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> _hostileOutcomes = new();
    private long _good;
    private long _stalled;
    private long _hostile;
    private long _ticks;
    private long _remarks;
    private long _replies;
    private long _gaps;
    private long _stalledCut;

    public long Good => Volatile.Read(ref _good);

    public long Stalled => Volatile.Read(ref _stalled);

    public long Hostile => Volatile.Read(ref _hostile);

    /// <summary>All that were begun.</summary>
    public long Clients => Good + Stalled + Hostile;

    /// <summary>Numbered broadcasts that good clients received and checked.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    /// <summary>What good clients heard from each other.</summary>
    public long Remarks => Volatile.Read(ref _remarks);

    public long Replies => Volatile.Read(ref _replies);

    /// <summary>What good clients were told that they may have missed of other servers.</summary>
    public long Gaps => Volatile.Read(ref _gaps);

    /// <summary>Stalled readers that the server got rid of.</summary>
    public long StalledCut => Volatile.Read(ref _stalledCut);

    /// <summary>How many hostile peers of each kind had which end.</summary>
    public IReadOnlyDictionary<string, long> HostileOutcomes => _hostileOutcomes;

    public void CountGood() => Interlocked.Increment(ref _good);

    public void CountStalled() => Interlocked.Increment(ref _stalled);

    public void CountHostile() => Interlocked.Increment(ref _hostile);

    public void CountTick() => Interlocked.Increment(ref _ticks);

    public void CountRemark() => Interlocked.Increment(ref _remarks);

    public void CountReply() => Interlocked.Increment(ref _replies);

    public void CountGap() => Interlocked.Increment(ref _gaps);

    public void CountStalledCut() => Interlocked.Increment(ref _stalledCut);

    public void CountOutcome(string kind, string outcome) =>
        _hostileOutcomes.AddOrUpdate($"{kind}: {outcome}", 1, static (_, count) => count + 1);
}
