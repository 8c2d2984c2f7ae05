using Microsoft.Extensions.Options;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Which values <see cref="WebSocketDrainOptions"/> may have. Each failure names the option, its value and what is allowed.</summary>
internal sealed class DrainOptionsRules : IValidateOptions<WebSocketDrainOptions>
{
    public ValidateOptionsResult Validate(string? name, WebSocketDrainOptions options)
    {
        var failures = Check(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <exception cref="OptionsValidationException">Something is wrong; the message names all of it.</exception>
    public static void ThrowIfInvalid(WebSocketDrainOptions options)
    {
        var failures = Check(options).ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(nameof(WebSocketDrainOptions), typeof(WebSocketDrainOptions), failures);
        }
    }

    /// <summary>A time in seconds, at least one.</summary>
    public static int WholeSeconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    private static IEnumerable<string> Check(WebSocketDrainOptions options)
    {
        string?[] failures =
        [
            ConnectionOptionsRules.CheckCount(nameof(options.BatchSize), options.BatchSize, least: 1, most: int.MaxValue),
            ConnectionOptionsRules.CheckTime(nameof(options.BatchInterval), options.BatchInterval, zero: "all at once"),
            ConnectionOptionsRules.CheckTime(nameof(options.ReadinessDelay), options.ReadinessDelay, zero: "none"),
            ConnectionOptionsRules.CheckTime(nameof(options.HandlerTimeout), options.HandlerTimeout, zero: "until Timeout"),
            ConnectionOptionsRules.CheckTime(nameof(options.Timeout), options.Timeout, zero: null),
            options.ReconnectWindow >= TimeSpan.FromSeconds(1) && options.ReconnectWindow <= TimeSpan.FromDays(1)
                ? null
                : $"ReconnectWindow is {options.ReconnectWindow}; allowed is 1 s to 1 day.",
            CloseRules.MayBeSent(options.CloseCode)
                ? null
                : $"CloseCode is {(int)options.CloseCode}; allowed are 1000 to 1003, 1007 to 1014, or 3000 to 4999.",
        ];
        return failures.OfType<string>();
    }
}
