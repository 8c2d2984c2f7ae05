using System.Diagnostics.Metrics;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>What the library counts, under the meter <c>Waffle.WebSockets</c>. No label holds what a peer chose.</summary>
internal sealed class WebSocketMetrics
{
    public const string MeterName = "Waffle.WebSockets";

    private readonly Counter<long> _ignoredMessages;

    /// <param name="factory">Makes the meter; <see langword="null"/>: it belongs to nobody.</param>
    public WebSocketMetrics(IMeterFactory? factory)
    {
        var meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _ignoredMessages = meter.CreateCounter<long>(
            "waffle.websockets.messages.ignored", "{message}", "Messages of a type that no handler is registered for.");
    }

    public void MessageIgnored() => _ignoredMessages.Add(1);
}
