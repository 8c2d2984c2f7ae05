using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.TestKit;

/// <summary>One line of the log.</summary>
public sealed record RecordedLog(string Category, LogLevel Level, EventId Id, string Text, Exception? Error)
{
    /// <summary>Whether it tells that a peer met a limit, which is no fault of the server's.</summary>
    public bool IsOfALimit => Category == LimitHits.Category;
}

/// <summary>Keeps what is logged, so that tests can look for what must, and must not, be there.</summary>
public sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<RecordedLog> _lines = new();

    public IReadOnlyCollection<RecordedLog> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Recorder(string category, ConcurrentQueue<RecordedLog> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new RecordedLog(category, logLevel, eventId, formatter(state, exception), exception));
    }
}
