using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Healthy while what a hub broadcasts reaches the other servers.</summary>
internal sealed class BackplaneHealthCheck(WebSocketHub hub) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(hub.BackplaneStatus switch
        {
            BackplaneStatus.None => HealthCheckResult.Healthy("The hub has no backplane."),
            BackplaneStatus.Connected => HealthCheckResult.Healthy($"Other servers heard of: {hub.Servers.Count}."),
            _ => new HealthCheckResult(
                context.Registration.FailureStatus, "The backplane's engine is away: what is broadcast reaches the clients of this server only."),
        });
}
