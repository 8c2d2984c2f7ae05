using System.Text;

namespace Waffle.WebSockets.Backplane;

/// <summary>What the options may be.</summary>
internal static class BackplaneOptionsRules
{
    private const int MaxNameLength = 64;

    /// <summary>The first rule that is broken, as a sentence that names the option; or <see langword="null"/>.</summary>
    public static string? FindProblem(BackplaneOptions options)
    {
        if (options.HubName is { } hub && !IsHubName(hub))
        {
            return $"HubName must have 1 to {MaxNameLength} ASCII letters, digits, '-' and '_'; it is \"{hub}\". (Of a hub with a key it is made of that, unless it is set.)";
        }

        if (string.IsNullOrEmpty(options.ServerName) || Encoding.UTF8.GetByteCount(options.ServerName) > 256)
        {
            return "ServerName must have 1 to 256 bytes in UTF-8.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(options.HeartbeatInterval), options.HeartbeatInterval),
            (nameof(options.JoinTimeout), options.JoinTimeout),
            (nameof(options.AnswerTimeout), options.AnswerTimeout),
        })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                return $"{name} must be positive and at most an hour; it is {value}.";
            }
        }

        if (options.ServerLease < 2 * options.HeartbeatInterval || options.ServerLease > TimeSpan.FromHours(2))
        {
            return $"ServerLease must be at least twice HeartbeatInterval, and at most two hours; it is {options.ServerLease}.";
        }

        return options.MaxMessageSize <= 0 || options.MaxPendingBytes < options.MaxMessageSize
            ? "MaxMessageSize must be positive, and MaxPendingBytes at least as much."
            : null;
    }

    /// <exception cref="ArgumentException">An option has a value that is not allowed; the message names it.</exception>
    public static void ThrowIfInvalid(BackplaneOptions options)
    {
        if (FindProblem(options) is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }
    }

    private static bool IsHubName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
