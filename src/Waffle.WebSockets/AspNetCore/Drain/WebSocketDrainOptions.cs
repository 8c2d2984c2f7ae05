using Waffle.WebSockets.AspNetCore;

namespace Waffle.WebSockets;

/// <summary>How an application's connections are closed when it stops, or is drained before that.</summary>
/// <remarks>Configured with <c>services.AddWebSocketDrain(…)</c> or <c>services.Configure&lt;WebSocketDrainOptions&gt;(…)</c>; checked when the application starts.</remarks>
/// <example>
/// <code>
/// builder.Services.AddWebSocketDrain(options =>
/// {
///     options.BatchSize = 200;
///     options.ReconnectWindow = TimeSpan.FromMinutes(1);
/// });
/// </code>
/// </example>
public sealed class WebSocketDrainOptions
{
    /// <summary>How many connections are closed at once. Default 1,000, at least 1.</summary>
    public int BatchSize { get; set; } = 1_000;

    /// <summary>
    /// The time between two batches, give or take half of it at random; shorter where there are so many that not all would have their turn in the first half of
    /// <see cref="Timeout"/>. Default 200 ms; zero: all batches at once.
    /// </summary>
    public TimeSpan BatchInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long, from the beginning, new clients are still accepted and nobody is closed, while the readiness check fails already: so long as a load balancer takes to see that. Default
    /// zero.
    /// </summary>
    public TimeSpan ReadinessDelay { get; set; }

    /// <summary>
    /// How long the messages that a client has sent before its turn may be handled, from then on, before it is closed in any case. Default 10 s; zero: until
    /// <see cref="Timeout"/>, and with <see cref="WebSocketEndpointOptions.MaxConnectionAge"/> for ever.
    /// </summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After this time what is left is cut; when the host stops, no later than 5 s, or a fifth of it, before its own <c>ShutdownTimeout</c> (30 s by default) is over. Default
    /// 25 s.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>The code that clients are closed with. Default <see cref="CloseCode.ServiceRestart"/>, 1012.</summary>
    public CloseCode CloseCode { get; set; } = CloseCode.ServiceRestart;

    /// <summary>
    /// Clients are told to come back after a time of up to this, each another: in the Close's reason, "The server restarts. Come back in 7 s.", and for those that are
    /// refused meanwhile in the header <c>Retry-After</c>. In whole seconds. Default 10 s, at least 1 s.
    /// </summary>
    public TimeSpan ReconnectWindow { get; set; } = TimeSpan.FromSeconds(10);

    internal WebSocketDrainOptions Snapshot() => (WebSocketDrainOptions)MemberwiseClone();

    /// <summary>The reason for one client, and how to close it.</summary>
    internal CloseInfo CreateClose() => new(CloseCode, $"The server restarts. Come back in {RandomDelay()} s.", CloseCause.Shutdown);

    private int RandomDelay() => Random.Shared.Next(1, DrainOptionsRules.WholeSeconds(ReconnectWindow) + 1);
}
