namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>An HTTP answer that refuses a handshake.</summary>
/// <param name="Status">The HTTP status, 400 or above.</param>
/// <param name="Reason">One line of plain ASCII text for the body: fixed text that never repeats what the client sent.</param>
internal sealed record HandshakeRefusal(int Status, string Reason)
{
    /// <summary>The value of the <c>Allow</c> header, or null for none; present with every 405 (RFC 9110 15.5.6).</summary>
    public string? Allow { get; init; }

    /// <summary>The value of the <c>Upgrade</c> header, or null for none; present with every 426 (RFC 9110 15.5.22).</summary>
    public string? Upgrade { get; init; }

    /// <summary>
    /// The most seconds in the <c>Retry-After</c> header, or null for none (RFC 9110 15.6.4). Each answer has a random number up to it, so that those who
    /// were refused at once do not come back at once.
    /// </summary>
    public int? RetryWithin { get; init; }

    /// <summary>The value of the <c>Sec-WebSocket-Version</c> header, or null for none (RFC 6455 4.4).</summary>
    public string? SupportedVersion { get; init; }
}
