using System.Text;

namespace Waffle.WebSockets.Protocol;

/// <summary>What a Close frame may carry (RFC 6455 5.5.1, 7.4).</summary>
internal static class CloseRules
{
    /// <summary>What a reason may be long at most, in UTF-8 bytes: a control frame's 125 less the code.</summary>
    public const int MaxReasonLength = 125 - sizeof(ushort);

    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a Close frame may carry <paramref name="code"/>: registered codes, and 3000 to 4999 (RFC 6455 7.4.1, 7.4.2).</summary>
    public static bool MayBeSent(CloseCode code) => (ushort)code is
        (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);

    /// <summary>Refuses what a Close frame can't carry.</summary>
    /// <exception cref="ArgumentException">The code must not be sent, or the reason is too long or no text.</exception>
    public static void ThrowIfNotSendable(CloseCode code, string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (!MayBeSent(code))
        {
            throw new ArgumentOutOfRangeException(
                nameof(code), (ushort)code, "A Close may carry 1000 to 1003, 1007 to 1014, or 3000 to 4999 (RFC 6455 7.4).");
        }

        var length = _strictUtf8.GetByteCount(reason);
        if (length > MaxReasonLength)
        {
            throw new ArgumentException($"The reason has {length} bytes in UTF-8; at most {MaxReasonLength} fit in a Close frame.", nameof(reason));
        }
    }
}
