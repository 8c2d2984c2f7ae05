using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore.Drain;

/// <summary>What the drain's options may be, and where that is checked.</summary>
public sealed class DrainOptionsTests
{
    public static TheoryData<string, Action<WebSocketDrainOptions>> WrongOptions => new()
    {
        { "BatchSize", options => options.BatchSize = 0 },
        { "BatchInterval", options => options.BatchInterval = TimeSpan.FromSeconds(-1) },
        { "ReadinessDelay", options => options.ReadinessDelay = TimeSpan.FromSeconds(-1) },
        { "HandlerTimeout", options => options.HandlerTimeout = TimeSpan.FromSeconds(-1) },
        { "Timeout", options => options.Timeout = TimeSpan.Zero },
        { "CloseCode", options => options.CloseCode = CloseCode.AbnormalClosure },
        { "ReconnectWindow", options => options.ReconnectWindow = TimeSpan.FromMilliseconds(999) },
        { "ReconnectWindow", options => options.ReconnectWindow = TimeSpan.FromDays(2) },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public async Task A_wrong_value_stops_the_start_and_is_named(string name, Action<WebSocketDrainOptions> configure)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddWebSocketDrain(configure);
        await using var app = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.StartsWith(name + " is ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_AddWebSocketDrain_a_wrong_value_is_found_when_an_endpoint_is_mapped()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<WebSocketDrainOptions>(options => options.BatchSize = -1);
        using var app = (IDisposable)builder.Build();
        var error = Assert.Throws<OptionsValidationException>(() => ((WebApplication)app).MapWebSocket("/ws", (_, _) => Task.CompletedTask));
        Assert.Contains("BatchSize is -1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_and_window_are_the_options()
    {
        await using var scene = await DrainScene.StartAsync(options =>
        {
            options.CloseCode = (CloseCode)4000;
            options.ReconnectWindow = TimeSpan.FromSeconds(1);
        });
        await using var peer = await scene.ConnectAsync();
        var drain = scene.Drain.DrainAsync(CancellationToken.None);
        var close = await peer.ReadFrameAsync();
        Assert.Equal(((CloseCode)4000, "The server restarts. Come back in 1 s."), (close!.CloseCode, close.CloseReason));
        await peer.SendCloseAsync(4000);
        await drain.Soon();
    }
}
