using Microsoft.Extensions.Diagnostics.HealthChecks;
using Waffle.WebSockets;
using Waffle.WebSockets.AspNetCore;

// Found without a using, as all Add… methods are.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks.</summary>
public static class WebSocketHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that fails from the moment on when the application is drained (<see cref="WebSocketDrain"/>): whether to send it new clients.</summary>
    /// <param name="builder">The checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it answers then; <see langword="null"/>: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">By which checks are chosen; <see langword="null"/>: <c>ready</c>.</param>
    public static IHealthChecksBuilder AddWebSocketReadinessCheck(
        this IHealthChecksBuilder builder, string name = "websocket_readiness", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddWebSocketDrain();
        return builder.Add(new HealthCheckRegistration(
            name, static services => new ReadinessHealthCheck(services.GetRequiredService<WebSocketDrain>()), failureStatus, tags ?? ["ready"]));
    }

    /// <summary>
    /// Adds a check that fails while a hub's backplane is away (<see cref="WebSocketHub.BackplaneStatus"/>). The server serves its own clients meanwhile, so this is
    /// no reason to restart it, nor to send its clients elsewhere.
    /// </summary>
    /// <param name="builder">The checks.</param>
    /// <param name="hubKey">The hub's key; <see langword="null"/>: the one without.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it answers then; <see langword="null"/>: <see cref="HealthStatus.Degraded"/>.</param>
    /// <param name="tags">By which checks are chosen.</param>
    public static IHealthChecksBuilder AddWebSocketBackplaneCheck(
        this IHealthChecksBuilder builder,
        string? hubKey = null,
        string name = "websocket_backplane",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            services => new BackplaneHealthCheck(
                hubKey is null ? services.GetRequiredService<WebSocketHub>() : services.GetRequiredKeyedService<WebSocketHub>(hubKey)),
            failureStatus ?? HealthStatus.Degraded,
            tags));
    }
}
