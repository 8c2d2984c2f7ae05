using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BrowserTests.Chat.Cluster;

/// <summary>The chat on two servers, connected through Redis.</summary>
public sealed class RedisChat() : ChatCluster("redis")
{
    protected override Task<EngineProcess> StartEngineAsync() => EngineProcess.StartRedisAsync();
}
