namespace Waffle.WebSockets.InterleavingTests.Schedules;

/// <summary>One of those whose steps are interleaved. It has a thread of its own from its first step on, which waits while others run.</summary>
internal sealed class Actor(Interleaver schedule, Action work)
{
    private readonly Signal _mayRun = new();

    public Interleaver Schedule => schedule;

    public Action Work => work;

    public bool IsStarted { get; set; }

    /// <summary>What it waits for, if it does.</summary>
    public Func<bool>? Condition { get; set; }

    public bool IsRunnable => Condition is null || Condition();

    /// <summary>Lets it go on; called by whoever ran until now, who does not touch the schedule any more.</summary>
    public void Resume() => _mayRun.Set();

    public void WaitForResume() => _mayRun.Wait();
}
