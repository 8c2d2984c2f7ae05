using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.TestingTests.Applications;

/// <summary>A whole application in memory, with the clock in the test's hand.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApplication(WebApplication app, FakeTimeProvider time, RecordedLogs logs) => (_app, Time, Logs) = (app, time, logs);

    public FakeTimeProvider Time { get; }

    public RecordedLogs Logs { get; }

    public TestServer Server => _app.GetTestServer();

    public WebSocketHub Hub => _app.Services.GetRequiredService<WebSocketHub>();

    public static async Task<TestApplication> StartAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        var (time, logs) = (new FakeTimeProvider(), new RecordedLogs());
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddWebSocketHub();
        builder.WebHost.UseTestServer();
        configure?.Invoke(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new TestApplication(app, time, logs);
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
