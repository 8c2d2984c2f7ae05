using System.Diagnostics.Metrics;

namespace Waffle.WebSockets.Backplane;

/// <summary>What is counted between servers, under the meter <c>Waffle.WebSockets</c>. No label holds what a peer chose.</summary>
internal sealed class BackplaneMetrics
{
    private const string ReasonLabel = "waffle.websockets.reason";

    // A meter is known to the whole process until it is disposed of, so that hubs come and go without one of their own.
    private static readonly Meter _shared = new("Waffle.WebSockets");

    private readonly Counter<long> _published;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _received;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _gaps;

    /// <param name="factory">Makes the meter, and disposes of it; <see langword="null"/>: the one of all who have none.</param>
    public BackplaneMetrics(IMeterFactory? factory)
    {
        var meter = factory?.Create("Waffle.WebSockets") ?? _shared;
        _published = meter.CreateCounter<long>("waffle.websockets.backplane.published", "{message}", "Messages that were taken to be published.");
        _refused = meter.CreateCounter<long>("waffle.websockets.backplane.refused", "{message}", "Messages that could not be published.");
        _received = meter.CreateCounter<long>("waffle.websockets.backplane.received", "{message}", "Messages of other servers that were delivered.");
        _ignored = meter.CreateCounter<long>("waffle.websockets.backplane.ignored", "{message}", "What came through the backplane and was not delivered.");
        _gaps = meter.CreateCounter<long>("waffle.websockets.backplane.gaps", "{gap}", "Times that messages of other servers may be missing.");
    }

    public void Published(int count) => _published.Add(count);

    public void Refused(PublishRefusal refusal, int count) => _refused.Add(count, new KeyValuePair<string, object?>(ReasonLabel, ToLabel(refusal)));

    public void Received() => _received.Add(1);

    public void Ignored(IgnoredReason reason) => _ignored.Add(1, new KeyValuePair<string, object?>(ReasonLabel, ToLabel(reason)));

    public void Gap(GapCause cause) => _gaps.Add(1, new KeyValuePair<string, object?>(ReasonLabel, ToLabel(cause)));

    private static string ToLabel(PublishRefusal refusal) => refusal switch
    {
        PublishRefusal.Away => "away",
        PublishRefusal.Full => "max_pending_bytes",
        PublishRefusal.Ended => "ended",
        _ => "max_message_size",
    };

    private static string ToLabel(IgnoredReason reason) => reason switch
    {
        IgnoredReason.Echo => "echo",
        IgnoredReason.Duplicate => "duplicate",
        IgnoredReason.Late => "late",
        _ => "garbage",
    };

    private static string ToLabel(GapCause cause) => cause switch
    {
        GapCause.Lost => "lost",
        GapCause.Outage => "outage",
        GapCause.Overflow => "overflow",
        _ => "late_subscription",
    };
}
