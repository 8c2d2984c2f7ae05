using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.TestKit;

/// <summary>What the metric of limits that were met says, of one application or of connections that belong to none, and what is logged of it.</summary>
public sealed class CountedLimits : IDisposable
{
    public const string Metric = "waffle.websockets.limits.exceeded";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ServiceProvider? _services;

    /// <param name="time">The clock of the log's pauses; <see langword="null"/>: one that stands still.</param>
    public CountedLimits(FakeTimeProvider? time = null)
    {
        Logs = new RecordedLogs();
        _services = new ServiceCollection()
            .AddLogging(builder => builder.AddProvider(Logs))
            .AddSingleton<TimeProvider>(time ?? new FakeTimeProvider())
            .AddMetrics()
            .BuildServiceProvider();
        Hits = LimitHits.For(_services);
        Listen(_services.GetRequiredService<IMeterFactory>());
    }

    /// <summary>Those of an application, from now on.</summary>
    public CountedLimits(KestrelHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Logs = host.Logs;
        Listen(host.App.Services.GetRequiredService<IMeterFactory>());
    }

    /// <summary>How often each limit was met, by its name.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>The lines about limits, and others of the application if it is one's.</summary>
    public RecordedLogs Logs { get; }

    /// <summary>The services that hits belong to, for what is made by itself.</summary>
    public IServiceProvider Services => _services ?? throw new InvalidOperationException("An application has services of its own.");

    internal LimitHits? Hits { get; }

    /// <summary>Waits until this limit was met so many times; fails if another was, or this one more often.</summary>
    public async Task ExpectOnlyAsync(string limit, long count = 1)
    {
        await Wait.Eventually(() => _counts.GetValueOrDefault(limit) >= count || _counts.Keys.Any(other => other != limit), $"{limit} is met");
        var counts = string.Join(", ", _counts.Select(pair => $"{pair.Key}: {pair.Value}"));
        if (counts != $"{limit}: {count}")
        {
            throw new InvalidOperationException($"Expected {limit}: {count}, counted {counts}.");
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services?.Dispose();
    }

    private void Listen(IMeterFactory scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == Metric && instrument.Meter.Scope == scope)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) =>
        {
            // One label and no other.
            var (name, value) = tags[0];
            var limit = tags.Length == 1 && name == WebSocketMetrics.LimitLabel ? (string)value! : "another label";
            _counts.AddOrUpdate(limit, measurement, (_, before) => before + measurement);
        });
        _listener.Start();
    }
}
