using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Healthy until the application is drained.</summary>
internal sealed class ReadinessHealthCheck(WebSocketDrain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(drain.IsDraining
        ? new HealthCheckResult(context.Registration.FailureStatus, "WebSocket connections are being closed; new ones are refused.")
        : HealthCheckResult.Healthy());
}
