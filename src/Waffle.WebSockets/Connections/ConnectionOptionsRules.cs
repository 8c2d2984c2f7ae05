using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections;

/// <summary>Which values <see cref="WebSocketConnectionOptions"/> may have. Each failure names the option, its value and what is allowed.</summary>
internal static class ConnectionOptionsRules
{
    /// <summary>The largest limit of a message's size: an array's longest length, less what a frame's header and the pool's rounding take.</summary>
    public const int MaxSize = PooledBuffer.Largest;

    // The timer wheel and ITimer count in milliseconds as an int.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);

    /// <summary>All that is wrong, nothing if all is well.</summary>
    public static IEnumerable<string> Check(WebSocketConnectionOptions options)
    {
        string?[] failures =
        [
            CheckTime(nameof(options.ReadTimeout), options.ReadTimeout, zero: "off"),
            CheckTime(nameof(options.WriteTimeout), options.WriteTimeout, zero: "off"),
            CheckTime(nameof(options.PingInterval), options.PingInterval, zero: "off"),
            CheckTime(nameof(options.PongTimeout), options.PongTimeout, zero: "as PingInterval"),
            CheckTime(nameof(options.CloseTimeout), options.CloseTimeout, zero: null),
            CheckTime(nameof(options.UnreadLimit), options.UnreadLimit, zero: "off"),
            CheckTime(nameof(options.MessageTimeout), options.MessageTimeout, zero: "off"),
            CheckTime(nameof(options.AuthenticationTimeout), options.AuthenticationTimeout, zero: "off"),
            CheckCount(nameof(options.MaxMessageSize), options.MaxMessageSize, least: 1, most: MaxSize),
            CheckCount(nameof(options.MaxFragments), options.MaxFragments, least: 0, most: int.MaxValue),
            CheckCount(nameof(options.ReadAheadMessages), options.ReadAheadMessages, least: 1, most: int.MaxValue),
            CheckCount(nameof(options.SendQueueMaxBytes), options.SendQueueMaxBytes, least: 1, most: int.MaxValue),
            CheckCount(nameof(options.SendQueueMaxMessages), options.SendQueueMaxMessages, least: 0, most: int.MaxValue),
            Enum.IsDefined(options.WhenQueueFull)
                ? null
                : $"WhenQueueFull is {options.WhenQueueFull}; allowed are {string.Join(", ", Enum.GetNames<QueueFullPolicy>())}.",
        ];
        return failures.OfType<string>();
    }

    /// <exception cref="ArgumentException">Something is wrong; the message names all of it.</exception>
    public static void ThrowIfInvalid(WebSocketConnectionOptions options)
    {
        var failures = string.Join(" ", Check(options));
        if (failures.Length > 0)
        {
            throw new ArgumentException(failures, nameof(options));
        }
    }

    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="zero">What zero means; <see langword="null"/>: it is not allowed.</param>
    public static string? CheckTime(string name, TimeSpan value, string? zero)
    {
        var least = zero is null ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
        return value >= least && value <= _longest
            ? null
            : $"{name} is {value}; allowed is {(zero is null ? "1 ms" : $"zero ({zero}) or more,")} up to {_longest.Days} days.";
    }

    public static string? CheckCount(string name, int value, int least, int most) => value >= least && value <= most
        ? null
        : $"{name} is {value}; allowed is {least} to {most}.";
}
