using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Redis;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisEngine(EngineProcess process) : RealEngine(process)
{
    public override (string Name, string Value) Setting => ("Redis", $"127.0.0.1:{Process.Port}");

    public override IBackplane Connect(int port) =>
        new RedisBackplane(WebSocketRedisServiceCollectionExtensions.ParseConfiguration($"127.0.0.1:{port}"), RedisSharding.InCluster);

    public override void AddTo(IWebSocketHubBuilder hub) => hub.AddRedisBackplane(Setting.Value);

    /// <summary>In channels of ours; the driver has some of its own.</summary>
    public override async Task<int> CountSubscriptionsAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Process.Port);
        await client.GetStream().WriteAsync("PUBSUB CHANNELS waffle*\r\n"u8.ToArray());
        using var answer = new StreamReader(client.GetStream(), Encoding.ASCII);
        return int.Parse((await answer.ReadLineAsync())![1..], CultureInfo.InvariantCulture);
    }

    public override int CountChannels(IBackplane backplane) => ((RedisBackplane)backplane).Channels;
}
