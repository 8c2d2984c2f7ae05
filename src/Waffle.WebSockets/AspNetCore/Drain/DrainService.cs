using Microsoft.Extensions.Hosting;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Holds the host's stop back while the application is drained, so that its server goes on to answer, if only with 503.</summary>
internal sealed class DrainService(WebSocketDrain drain) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var impatience = cancellationToken.UnsafeRegister(static drain => ((WebSocketDrain)drain!).GiveUp(), drain);
        await drain.StopAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
