using System.Diagnostics.Metrics;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>What the library counts, under the meter <c>Waffle.WebSockets</c>. No label holds what a peer chose.</summary>
internal sealed class WebSocketMetrics
{
    public const string MeterName = "Waffle.WebSockets";

    /// <summary>The label that says which limit: one of the names in <see cref="Limits"/>.</summary>
    public const string LimitLabel = "waffle.websockets.limit";

    // A meter is known to the whole process until it is disposed of, so that hubs come and go without one of their own.
    private static readonly Meter _shared = new(MeterName);

    private readonly Counter<long> _ignoredMessages;
    private readonly Counter<long> _exceededLimits;

    /// <param name="factory">Makes the meter, and disposes of it; <see langword="null"/>: the one of all who have none.</param>
    public WebSocketMetrics(IMeterFactory? factory)
    {
        var meter = factory?.Create(MeterName) ?? _shared;
        _ignoredMessages = meter.CreateCounter<long>(
            "waffle.websockets.messages.ignored", "{message}", "Messages of a type that no handler is registered for.");
        _exceededLimits = meter.CreateCounter<long>("waffle.websockets.limits.exceeded", "{hit}", "What met a limit of the library's.");
    }

    public void MessageIgnored() => _ignoredMessages.Add(1);

    public void LimitExceeded(Limit limit) => _exceededLimits.Add(1, limit.Label);
}
