using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>Counts what meets a limit, and logs it: for each limit one line a minute at most, however many there are.</summary>
/// <remarks>Safe to call from any thread; under no lock, for a metric's listeners run inside. Never throws, and allocates only for a line of the log.</remarks>
internal sealed class LimitHits(WebSocketMetrics metrics, ILogger logger, TimeProvider time)
{
    public const string Category = "Waffle.WebSockets.Limits";

    private const long Never = long.MinValue;

    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private static readonly ConditionalWeakTable<object, LimitHits> _ofApplications = [];

    private readonly LoggedHits[] _logged = CreateLogged();

    /// <summary>For connections and hubs that belong to no application: counted, not logged.</summary>
    public static LimitHits Unlogged { get; } = new(new WebSocketMetrics(null), NullLogger.Instance, TimeProvider.System);

    /// <summary>Those of an application, shared by its endpoints and hubs; <see langword="null"/> if the services are no application's.</summary>
    public static LimitHits? For(IServiceProvider? services) => services?.GetApplication() is { } application
        ? _ofApplications.GetValue(application, _ => new LimitHits(
            new WebSocketMetrics(services.GetService<IMeterFactory>()),
            services.GetService<ILoggerFactory>()?.CreateLogger(Category) ?? NullLogger.Instance,
            services.GetService<TimeProvider>() ?? TimeProvider.System))
        : null;

    /// <summary>Something met a limit.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="value">What was allowed.</param>
    public void Add(Limit limit, TimeSpan value) => Add(limit, value.TotalSeconds);

    /// <inheritdoc cref="Add(Limit, TimeSpan)"/>
    public void Add(Limit limit, double value)
    {
        try
        {
            metrics.LimitExceeded(limit);
            Log(limit, value);
        }
        catch (Exception)
        {
            // Whoever met the limit, be it a broadcast to many others, must not suffer from a log or a listener that throws.
        }
    }

    private void Log(Limit limit, double value)
    {
        ref var logged = ref _logged[limit.Index];
        Interlocked.Increment(ref logged.Hits);
        var now = time.GetTimestamp();
        var last = Volatile.Read(ref logged.Last);
        var isDue = last == Never || time.GetElapsedTime(last, now) >= _pause;
        if (!isDue || !logger.IsEnabled(LogLevel.Warning) || Interlocked.CompareExchange(ref logged.Last, now, last) != last)
        {
            return;
        }

        var hits = Interlocked.Exchange(ref logged.Hits, 0);
        var allowed = string.Create(CultureInfo.InvariantCulture, $"{value} {limit.Unit}");
        if (limit.Option is { } option)
        {
            LimitLog.Exceeded(logger, limit.Name, allowed, hits, option);
        }
        else
        {
            LimitLog.FixedExceeded(logger, limit.Name, allowed, hits);
        }
    }

    private static LoggedHits[] CreateLogged()
    {
        var logged = new LoggedHits[Limits.All.Count];
        Array.Fill(logged, new LoggedHits { Last = Never });
        return logged;
    }

    private struct LoggedHits
    {
        /// <summary>When the last line was logged.</summary>
        public long Last;

        /// <summary>Hits since then.</summary>
        public long Hits;
    }
}
