using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsRegistrationTests : RegistrationContract
{
    protected override string DriversCategory => "NATS.Client";

    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();

    protected override void AddBackplane(IWebSocketHubBuilder builder, int port, Action<BackplaneOptions>? configure = null) =>
        builder.AddNatsBackplane($"nats://127.0.0.1:{port}", configure);
}
