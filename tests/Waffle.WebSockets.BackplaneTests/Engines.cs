using System.Globalization;
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
}
