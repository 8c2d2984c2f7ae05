using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>What is logged of limits that were met. Nothing in it was chosen by a peer.</summary>
internal static partial class LimitLog
{
    [LoggerMessage(4001, LogLevel.Warning, "Limit {Limit} was met: {Allowed}. Hits since the last line about it: {Hits}. The option {Option} changes it.")]
    public static partial void Exceeded(ILogger logger, string limit, string allowed, long hits, string option);

    [LoggerMessage(4002, LogLevel.Warning, "Limit {Limit} was met: {Allowed}. Hits since the last line about it: {Hits}. It is fixed.")]
    public static partial void FixedExceeded(ILogger logger, string limit, string allowed, long hits);
}
