using System.Text;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Hubs;

/// <summary>Which values <see cref="WebSocketHubOptions"/> may have. Each failure names the option, its value and what is allowed.</summary>
internal static class HubOptionsRules
{
    /// <summary>All that is wrong, nothing if all is well.</summary>
    public static IEnumerable<string> Check(WebSocketHubOptions options)
    {
        if (options.MaxRoomsPerClient < 0)
        {
            yield return $"MaxRoomsPerClient is {options.MaxRoomsPerClient}; allowed is zero (no limit) or more.";
        }

        if (options.MaxMalformedMessages < 0)
        {
            yield return $"MaxMalformedMessages is {options.MaxMalformedMessages}; allowed is zero (no limit) or more.";
        }

        if (options.GapEvent is { } name && (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > EnvelopeFormat.MaxNameBytes))
        {
            yield return $"GapEvent is \"{name}\"; allowed are 1 to {EnvelopeFormat.MaxNameBytes} bytes in UTF-8, or null.";
        }

        if (options.MaxRoomNameLength < 1)
        {
            yield return $"MaxRoomNameLength is {options.MaxRoomNameLength}; allowed is 1 or more.";
        }

        if (options.MaxClientIdLength < 1)
        {
            yield return $"MaxClientIdLength is {options.MaxClientIdLength}; allowed is 1 or more.";
        }
    }

    /// <exception cref="ArgumentException">Something is wrong; the message names all of it.</exception>
    public static void ThrowIfInvalid(WebSocketHubOptions options)
    {
        var failures = string.Join(" ", Check(options));
        if (failures.Length > 0)
        {
            throw new ArgumentException(failures, nameof(options));
        }
    }
}
