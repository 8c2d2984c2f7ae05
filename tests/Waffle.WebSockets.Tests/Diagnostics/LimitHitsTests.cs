using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Diagnostics;

/// <summary>What meets a limit is counted each time, and logged once a minute for each limit.</summary>
public sealed class LimitHitsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CountedLimits _limits;
    private readonly LimitHits _hits;

    public LimitHitsTests()
    {
        _limits = new CountedLimits(_time);
        _hits = _limits.Hits!;
    }

    public void Dispose() => _limits.Dispose();

    [Fact]
    public void Each_hit_is_counted_under_the_name_of_its_limit()
    {
        _hits.Add(Limits.MaxMessageSize, 32);
        _hits.Add(Limits.MaxMessageSize, 32);
        _hits.Add(Limits.PongTimeout, TimeSpan.FromSeconds(10));

        Assert.Equal(new Dictionary<string, long> { ["max_message_size"] = 2, ["pong_timeout"] = 1 }, _limits.Counts);
    }

    [Fact]
    public void The_first_hit_is_logged_at_once_and_those_of_the_next_minute_by_the_first_after_it()
    {
        _hits.Add(Limits.MaxMessageSize, 32);
        Assert.Equal(["Limit max_message_size was met: 32 bytes. Hits since the last line about it: 1. The option MaxMessageSize changes it."], Lines());

        _time.Advance(TimeSpan.FromSeconds(59.9));
        for (var i = 0; i < 1000; i++)
        {
            _hits.Add(Limits.MaxMessageSize, 32);
        }

        Assert.Single(_limits.Logs.Lines);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _hits.Add(Limits.MaxMessageSize, 32);
        Assert.Contains("about it: 1001.", Lines()[^1], StringComparison.Ordinal);

        _hits.Add(Limits.MaxMessageSize, 32);
        Assert.Equal(2, _limits.Logs.Lines.Count);
        Assert.All(_limits.Logs.Lines, line => Assert.Equal((LimitHits.Category, LogLevel.Warning), (line.Category, line.Level)));
    }

    [Fact]
    public void Each_limit_has_its_own_minute()
    {
        _hits.Add(Limits.MaxMessageSize, 32);
        _hits.Add(Limits.PongTimeout, TimeSpan.FromSeconds(0.5));
        _hits.Add(Limits.MessageDepth, 32);

        Assert.Equal(3, Lines().Count);
        Assert.Contains("met: 0.5 s. Hits since the last line about it: 1. The option PongTimeout changes it.", Lines()[1], StringComparison.Ordinal);
        Assert.Contains("met: 32 levels. Hits since the last line about it: 1. It is fixed.", Lines()[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_hits_on_many_threads_at_once_each_is_counted_and_one_is_logged()
    {
        const int Threads = 8;
        const int Each = 1000;
        Parallel.For(0, Threads, _ =>
        {
            for (var i = 0; i < Each; i++)
            {
                _hits.Add(Limits.MaxFragments, 5);
            }
        });

        await _limits.ExpectOnlyAsync("max_fragments", Threads * Each);
        Assert.Single(_limits.Logs.Lines);
    }

    [Fact]
    public void A_hit_that_is_not_logged_allocates_nothing()
    {
        // Without a listener, whose own doings would count.
        using var services = new ServiceCollection().AddLogging(builder => builder.AddProvider(_limits.Logs)).AddMetrics().BuildServiceProvider();
        var hits = LimitHits.For(services)!;
        hits.Add(Limits.MaxFragments, 5);

        Assert.Equal(0, Allocation.Of(() => hits.Add(Limits.MaxFragments, 5)));
        Assert.Single(_limits.Logs.Lines);
    }

    [Fact]
    public void A_log_that_throws_is_no_concern_of_whoever_met_the_limit()
    {
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(new FailingLogs()));
        var hits = new LimitHits(new WebSocketMetrics(null), loggers.CreateLogger(LimitHits.Category), _time);

        hits.Add(Limits.MaxFragments, 5);
        hits.Add(Limits.PongTimeout, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Endpoints_and_hubs_of_an_application_share_theirs_and_others_have_their_own()
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var others = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();

        Assert.Same(LimitHits.For(services), LimitHits.For(scope.ServiceProvider));
        Assert.NotSame(LimitHits.For(services), LimitHits.For(others));
        Assert.Null(LimitHits.For(null));
    }

    [Fact]
    public void The_metric_is_told_with_its_unit()
    {
        Instrument? found = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => found = instrument.Name == CountedLimits.Metric ? instrument : found,
        };
        listener.Start();

        Assert.Equal(("Waffle.WebSockets", "{hit}"), (found?.Meter.Name, found?.Unit));
    }

    private List<string> Lines() => [.. _limits.Logs.Lines.Select(line => line.Text)];

    private sealed class FailingLogs : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("The disk is full.");
    }
}
