using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BrowserTests.Chat.Cluster;

/// <summary>The chat on two servers, connected through NATS.</summary>
public sealed class NatsChat() : ChatCluster("nats")
{
    protected override Task<EngineProcess> StartEngineAsync() => EngineProcess.StartNatsAsync();
}
