using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Nats;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsEngine(EngineProcess process, int monitoringPort) : RealEngine(process)
{
    private static readonly HttpClient _http = new();

    public override (string Name, string Value) Setting => ("Nats", $"nats://127.0.0.1:{Process.Port}");

    public override IBackplane Connect(int port) =>
        new NatsBackplane(WebSocketNatsServiceCollectionExtensions.CreateOptions($"nats://127.0.0.1:{port}"));

    public override void AddTo(IWebSocketHubBuilder hub) => hub.AddNatsBackplane(Setting.Value);

    public override async Task<int> CountSubscriptionsAsync() =>
        (int)(await _http.GetFromJsonAsync<JsonNode>($"http://127.0.0.1:{monitoringPort}/subsz"))!["num_subscriptions"]!;

    public override int CountChannels(IBackplane backplane) => ((NatsBackplane)backplane).Channels;
}
