using StackExchange.Redis;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Redis ends no subscription alone: it cuts off whoever may not have one any more, or reads too slowly; and its driver drops nothing.</summary>
public sealed class RedisLossTests
{
    [Fact]
    public async Task Whoever_may_not_subscribe_any_more_is_told_that_he_is_disconnected_and_is_refused()
    {
        var engine = await Engines.StartRedisAsync("--user", "default", "on", "nopass", "~*", "&*", "+@all");
        await using var scene = BackplaneScene.Create(engine, engine.Connect(), engine.Connect());
        await scene.StartAsync();
        var receiver = scene.Receivers[1];
        await scene.SubscribeAsync(1, "tea");
        await scene.SubscribeAsync(1, "coffee");

        await using (var console = await ConnectionMultiplexer.ConnectAsync($"{engine.Setting.Value},allowAdmin=true"))
        {
            var connected = receiver.Connected;
            await console.GetServers()[0].ExecuteAsync("ACL", "SETUSER", "default", "resetchannels", "&coffee", "&mark.*", "&__Booksleeve_MasterChanged");
            await Wait.Eventually(() => receiver.Disconnected > 0 && receiver.Connected > connected, "it is told");
        }

        await Assert.ThrowsAsync<BackplaneException>(() => scene.SubscribeAsync(1, "tea"));
        await scene.SubscribeAsync(1, "coffee");
        await scene.PublishAsync(0, "coffee", "heard");
        await Wait.Eventually(() => receiver.Texts("coffee").SequenceEqual(["heard"]), "the other channel is heard");
        Assert.Empty(receiver.Lost);
    }
}
