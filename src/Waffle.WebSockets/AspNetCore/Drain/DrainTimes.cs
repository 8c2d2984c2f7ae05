namespace Waffle.WebSockets.AspNetCore;

/// <summary>When a drain has to be where, so that the host need not lose patience.</summary>
internal static class DrainTimes
{
    private static readonly TimeSpan _longestLastMoment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestMargin = TimeSpan.FromSeconds(5);

    // A timer's; and who waits for longer waits for ever.
    private static readonly TimeSpan _longestPatience = TimeSpan.FromDays(24);

    /// <summary>How long after the beginning of its stop a host's connections are cut: before it would do so itself, with time left to say so and for other services.</summary>
    /// <param name="patience">The host's <c>ShutdownTimeout</c>.</param>
    public static TimeSpan UntilCut(TimeSpan patience) => IsEndless(patience) ? Timeout.InfiniteTimeSpan : patience - Margin(patience);

    /// <summary>What handlers and callbacks get to end, after their connections were cut.</summary>
    /// <param name="patience">The host's <c>ShutdownTimeout</c>.</param>
    public static TimeSpan LastMoment(TimeSpan patience) => Shorter(_longestLastMoment, Margin(patience) / 2);

    /// <summary>The pause between two batches: as asked for, or shorter, so that the turn of all comes in the first half of the time.</summary>
    public static TimeSpan Pause(WebSocketDrainOptions options, int batches) => Shorter(options.BatchInterval, options.Timeout / 2 / Math.Max(1, batches));

    private static TimeSpan Margin(TimeSpan patience) => IsEndless(patience) ? _longestMargin : Shorter(_longestMargin, patience / 5);

    private static bool IsEndless(TimeSpan patience) => patience < TimeSpan.Zero || patience > _longestPatience;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
