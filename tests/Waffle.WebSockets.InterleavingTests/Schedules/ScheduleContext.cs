namespace Waffle.WebSockets.InterleavingTests.Schedules;

/// <summary>Makes what is awaited go on as an actor of the schedule.</summary>
internal sealed class ScheduleContext(Interleaver schedule) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => schedule.Add(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
