using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.Soak.Server;

/// <summary>
/// What should not happen in a server: exceptions of tasks that nobody looks at, warnings and errors in the log,
/// exceptions that tell of a mistake.
/// </summary>
/// <remarks>Counts and keeps the first few texts, so that it does not grow with the run.</remarks>
internal sealed class FaultWatch : ILoggerProvider
{
    private const int KeptTexts = 5;

    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentQueue<string> _texts = new();

    public void Start()
    {
        TaskScheduler.UnobservedTaskException += (_, unobserved) => Add("unobserved", unobserved.Exception.ToString());
        AppDomain.CurrentDomain.FirstChanceException += OnFirstChance;
    }

    /// <summary>How many of each kind.</summary>
    public Dictionary<string, int> Counts => new(_counts);

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> Texts => [.. _texts];

    public ILogger CreateLogger(string categoryName) => new Listener(this, categoryName);

    public void Dispose()
    {
    }

    // The ends of sockets and tokens that were called off are everyday exceptions; these are not.
    private void OnFirstChance(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is NullReferenceException or IndexOutOfRangeException or InvalidCastException or ArgumentException
            or OutOfMemoryException or KeyNotFoundException or DivideByZeroException or OverflowException)
        {
            Add(thrown.Exception.GetType().Name, $"{thrown.Exception.Message}\n{Environment.StackTrace}");
        }
    }

    private void Add(string kind, string text)
    {
        if (_counts.AddOrUpdate(kind, 1, static (_, count) => count + 1) == 1 && _texts.Count < KeptTexts)
        {
            _texts.Enqueue($"{kind}: {text}");
        }
    }

    private sealed class Listener(FaultWatch watch, string category) : ILogger
    {
        private const string Backplane = "Waffle.WebSockets.Backplane";

        private static readonly string[] _drivers = ["StackExchange.Redis", "NATS."];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // That a limit was met is what hostile and stalled clients are there for; and when an engine is killed, the library and its driver say so.
        public bool IsEnabled(LogLevel logLevel) => logLevel >= category switch
        {
            LimitHits.Category or Backplane => LogLevel.Error,
            _ when _drivers.Any(driver => category.StartsWith(driver, StringComparison.Ordinal)) => LogLevel.Critical,
            _ => LogLevel.Warning,
        };

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                watch.Add($"log {logLevel} {category} {eventId.Id}", $"{formatter(state, exception)} {exception}");
            }
        }
    }
}
