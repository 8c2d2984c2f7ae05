using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore.Drain;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>What a load balancer asks.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task Readiness_turns_before_the_first_client_is_closed_or_refused()
    {
        var time = new FakeTimeProvider();
        await using var scene = await DrainScene.StartAsync(
            static options => options.ReadinessDelay = TimeSpan.FromSeconds(15),
            configure: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.Services.AddHealthChecks().AddWebSocketReadinessCheck();
            },
            map: static app => app.MapHealthChecks("/ready"));
        await using var early = await scene.ConnectAsync();
        using var http = new HttpClient { BaseAddress = scene.Host.Address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/ready")).StatusCode);

        var drain = scene.Drain.DrainAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/ready")).StatusCode);
        await using var late = await scene.ConnectAsync();
        Assert.DoesNotContain(scene.Host.Hub.Clients, static client => client.Connection.IsClosed);

        await Wait.Eventually(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return scene.Drain.RefusesConnections;
        });
        foreach (var peer in new[] { early, late })
        {
            Assert.Equal(CloseCode.ServiceRestart, (await peer.ReadFrameButPingsAsync())!.CloseCode);
            await peer.SendCloseAsync(1012);
        }

        Assert.Equal(2, (await drain.Soon()).Closed);
    }

    [Fact]
    public async Task It_answers_also_while_the_application_stops()
    {
        await using var scene = await DrainScene.StartAsync(
            configure: static builder => builder.Services.AddHealthChecks().AddWebSocketReadinessCheck(),
            map: static app => app.MapHealthChecks("/ready"));
        await using var atWork = await scene.ConnectAtWorkAsync();
        using var http = new HttpClient { BaseAddress = scene.Host.Address };
        var stop = scene.Host.App.StopAsync();
        await Wait.Eventually(() => scene.Drain.IsDraining);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/ready")).StatusCode);
        scene.Work.SetResult();
        await atWork.ReadFrameAsync();
        await atWork.ReadFrameAsync();
        await atWork.SendCloseAsync(1012);
        await stop.Soon();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("game")]
    public async Task Without_a_backplane_that_check_is_healthy(string? key)
    {
        var services = new ServiceCollection().AddLogging();
        _ = key is null ? services.AddWebSocketHub() : services.AddWebSocketHub(key);
        services.AddHealthChecks().AddWebSocketBackplaneCheck(key);
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var entry = Assert.Single(report.Entries);
        Assert.Equal(("websocket_backplane", HealthStatus.Healthy, "The hub has no backplane."), (entry.Key, entry.Value.Status, entry.Value.Description));
    }
}
