using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisRegistrationTests : RegistrationContract
{
    protected override string DriversCategory => "StackExchange.Redis";

    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();

    protected override void AddBackplane(IWebSocketHubBuilder builder, int port, Action<BackplaneOptions>? configure = null) =>
        builder.AddRedisBackplane($"127.0.0.1:{port}", configure);
}
