using Microsoft.Extensions.Time.Testing;

namespace Waffle.WebSockets.Tests.Connections.Timing;

/// <summary>A clock whose timers may find no memory.</summary>
internal sealed class StubbornTime : FakeTimeProvider
{
    public bool HasNoMemory { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => HasNoMemory
#pragma warning disable CA2201
        ? throw new OutOfMemoryException()
#pragma warning restore CA2201
        : base.CreateTimer(callback, state, dueTime, period);
}
