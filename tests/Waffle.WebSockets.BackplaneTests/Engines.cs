using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>The engines that there are.</summary>
internal static class Engines
{
    public static Task<InMemoryEngine> StartInMemoryAsync() => Task.FromResult(new InMemoryEngine());

    public static async Task<RealEngine> StartRedisAsync(params string[] arguments) => new RedisEngine(await EngineProcess.StartRedisAsync(arguments));

    public static async Task<RealEngine> StartNatsAsync(params string[] arguments)
    {
        var monitoringPort = FreePort.Find();
        return new NatsEngine(
            await EngineProcess.StartNatsAsync(["-m", monitoringPort.ToString(CultureInfo.InvariantCulture), .. arguments]), monitoringPort);
    }

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
