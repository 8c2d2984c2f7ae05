using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using StackExchange.Redis;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Nats;
using Waffle.WebSockets.Redis;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>The engines that there are.</summary>
internal static class Engines
{
    public static Task<InMemoryEngine> StartInMemoryAsync() => Task.FromResult(new InMemoryEngine());

    public static async Task<RealEngine> StartRedisAsync() => new(await EngineProcess.StartRedisAsync(), ConnectRedis);

    public static async Task<RealEngine> StartNatsAsync() => new(await EngineProcess.StartNatsAsync(), ConnectNats);

    public static IBackplane ConnectRedis(int port) => new RedisBackplane(ConfigurationOptions.Parse($"127.0.0.1:{port}"), RedisSharding.InCluster);

    public static IBackplane ConnectNats(int port) => new NatsBackplane(NatsOpts.Default with { Url = $"nats://127.0.0.1:{port}" });

    /// <summary>A backplane as an application's services make it.</summary>
    public static IBackplane FromRegistration(Action<IWebSocketHubBuilder> register, ILoggerProvider? logs = null)
    {
        var services = new ServiceCollection();
        if (logs is not null)
        {
            services.AddLogging(builder => builder.AddProvider(logs));
        }

        register(services.AddWebSocketHubPublisher());
        return BackplaneServices.Create(services.BuildServiceProvider(), key: null)!.Value.Backplane;
    }
}
