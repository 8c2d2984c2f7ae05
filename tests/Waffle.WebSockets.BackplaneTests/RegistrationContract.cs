using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What a registration in an application's services makes of hubs and publishers; a class for each real engine inherits the tests.</summary>
public abstract class RegistrationContract
{
    /// <summary>How the categories begin under which the driver logs.</summary>
    protected abstract string DriversCategory { get; }

    protected abstract Task<RealEngine> StartEngineAsync();

    protected abstract void AddBackplane(IWebSocketHubBuilder builder, int port, Action<BackplaneOptions>? configure = null);

    [Fact]
    public async Task Hubs_and_publishers_hear_those_of_their_own_key_and_nobody_else()
    {
        await using var engine = await StartEngineAsync();
        await using var first = Build(engine, ["games", "news"]);
        await using var second = Build(engine, ["games", "news"]);
        await using var worker = await BuildPublishersAsync(engine, ["games", "news"]);
        await using var cluster = new Cluster { Hubs = [.. Hubs(first, "games", "news"), .. Hubs(second, "games", "news")], Gaps = [] };
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Servers.Count == 1), "each knows one other");
        var games = await cluster.ConnectAsync(2, null, "tea");
        var news = await cluster.ConnectAsync(3, null, "tea");

        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("games");
        Assert.Equal("games", await games.NextTextAsync());
        worker.GetRequiredKeyedService<WebSocketHubPublisher>("games").Room("tea").PublishText("more games");
        Assert.Equal("more games", await games.NextTextAsync());

        await cluster.Hubs[1].Room("tea").BroadcastTextAsync("news");
        Assert.Equal("news", await news.NextTextAsync());
        worker.GetRequiredKeyedService<WebSocketHubPublisher>("news").Room("tea").PublishText("more news");
        Assert.Equal("more news", await news.NextTextAsync());
    }

    [Fact]
    public async Task Hubs_of_two_keys_with_the_same_name_are_one()
    {
        await using var engine = await StartEngineAsync();
        await using var services = Build(engine, ["games", "news"], static options => options.HubName = "both");
        await using var cluster = new Cluster { Hubs = Hubs(services, "games", "news"), Gaps = [] };
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Servers.Count == 1), "they know each other");
        var member = await cluster.ConnectAsync(1, null, "tea");
        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("for both");
        Assert.Equal("for both", await member.NextTextAsync());
    }

    [Fact]
    public async Task What_the_driver_logs_goes_to_the_application()
    {
        await using var engine = await StartEngineAsync();
        using var logs = new RecordedLogs();
        var registered = Services(logs);
        AddBackplane(registered.AddWebSocketHub(), engine.Process.Port);
        await using var services = registered.BuildServiceProvider();
        _ = services.GetRequiredService<WebSocketHub>();
        await Wait.Eventually(() => logs.Lines.Any(line => line.Category.StartsWith(DriversCategory, StringComparison.Ordinal)));
    }

    private static IServiceCollection Services(ILoggerProvider? logs = null) => new ServiceCollection().AddLogging(builder =>
    {
        if (logs is not null)
        {
            builder.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        }
    });

    private static WebSocketHub[] Hubs(ServiceProvider services, params string[] keys) => Array.ConvertAll(keys, key => services.GetRequiredKeyedService<WebSocketHub>(key));

    private ServiceProvider Build(RealEngine engine, string[] keys, Action<BackplaneOptions>? configure = null)
    {
        var services = Services();
        Array.ForEach(keys, key => AddBackplane(services.AddWebSocketHub(key), engine.Process.Port, configure));
        return services.BuildServiceProvider();
    }

    private async Task<ServiceProvider> BuildPublishersAsync(RealEngine engine, string[] keys)
    {
        var services = Services();
        Array.ForEach(keys, key => AddBackplane(services.AddWebSocketHubPublisher(key), engine.Process.Port));
        var provider = services.BuildServiceProvider();
        await Task.WhenAll(keys.Select(key => provider.GetRequiredKeyedService<WebSocketHubPublisher>(key).WaitUntilReadyAsync())).Soon();
        return provider;
    }
}
