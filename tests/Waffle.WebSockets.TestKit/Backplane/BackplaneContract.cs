using Xunit;

namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>What every backplane keeps; a class for each engine inherits the tests.</summary>
public abstract class BackplaneContract : BackplaneUnderWayContract
{
    private static CancellationToken Never => CancellationToken.None;

    [Fact]
    public async Task What_is_published_reaches_all_who_have_subscribed_and_nobody_else()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 3);
        await scene.Backplanes[0].SubscribeAsync("tea", Never);
        await scene.Backplanes[1].SubscribeAsync("tea", Never);
        await scene.Backplanes[2].SubscribeAsync("coffee", Never);

        await scene.PublishAsync(2, "tea", "hello");
        await scene.PublishAsync(0, "coffee", "end");

        await Wait.Eventually(() => scene.Receivers.Take(2).All(static receiver => receiver.Texts("tea").SequenceEqual(["hello"])));
        await Wait.Eventually(() => scene.Receivers[2].Texts("coffee").SequenceEqual(["end"]));
        Assert.Empty(scene.Receivers[2].Texts("tea"));
        Assert.Empty(scene.Receivers[0].Texts("coffee"));
    }

    [Fact]
    public async Task Who_publishes_hears_it_as_well()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 1);
        await scene.Backplanes[0].SubscribeAsync("tea", Never);
        await scene.PublishAsync(0, "tea", "hello");
        await Wait.Eventually(() => scene.Receivers[0].Texts("tea").SequenceEqual(["hello"]));
    }

    [Fact]
    public async Task Messages_of_a_channel_keep_their_order_also_when_nobody_waits_between()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        await scene.Backplanes[1].SubscribeAsync("tea", Never);
        var numbers = Enumerable.Range(0, 5_000).Select(static number => $"{number}").ToArray();
        await Task.WhenAll(numbers.Select(number => scene.PublishAsync(0, "tea", number))).Soon();
        await Wait.Eventually(() => scene.Receivers[1].Messages("tea").Count >= numbers.Length);
        Assert.Equal(numbers, scene.Receivers[1].Texts("tea"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(1024 * 1024)]
    public async Task Any_bytes_arrive_as_they_are(int length)
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        await scene.Backplanes[1].SubscribeAsync("tea", Never);
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        await scene.Backplanes[0].PublishAsync("tea", bytes, Never).AsTask().Soon();
        await Wait.Eventually(() => scene.Receivers[1].Messages("tea").Count == 1);
        Assert.Equal(bytes, scene.Receivers[1].Messages("tea").Single());
    }

    [Fact]
    public async Task After_a_subscription_was_taken_back_nothing_arrives_and_after_a_new_one_everything_does()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        var backplane = scene.Backplanes[1];
        await backplane.SubscribeAsync("tea", Never);
        await backplane.UnsubscribeAsync("tea", Never);
        await backplane.UnsubscribeAsync("tea", Never);
        await backplane.SubscribeAsync("other", Never);
        await scene.PublishAsync(0, "tea", "lost");
        await scene.PublishAsync(0, "other", "heard");
        await Wait.Eventually(() => scene.Receivers[1].Texts("other").Any());
        await backplane.SubscribeAsync("tea", Never);
        await scene.PublishAsync(0, "tea", "back");
        await Wait.Eventually(() => scene.Receivers[1].Texts("tea").SequenceEqual(["back"]));
    }

    [Fact]
    public async Task A_subscription_that_is_asked_for_again_brings_nothing_twice()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        for (var i = 0; i < 3; i++)
        {
            await scene.Backplanes[1].SubscribeAsync("tea", Never);
        }

        await scene.PublishAsync(0, "tea", "once");
        await scene.PublishAsync(0, "tea", "end");
        await Wait.Eventually(() => scene.Receivers[1].Texts("tea").Contains("end"));
        Assert.Equal(["once", "end"], scene.Receivers[1].Texts("tea"));
    }

    [Fact]
    public async Task A_thousand_channels_come_and_go()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        var channels = Enumerable.Range(0, 1_000).Select(static number => $"room.{number}").ToArray();
        await Task.WhenAll(channels.Select(channel => scene.Backplanes[1].SubscribeAsync(channel, Never).AsTask())).Soon();
        await Task.WhenAll(channels.Select(channel => scene.PublishAsync(0, channel, channel))).Soon();
        await Wait.Eventually(() => channels.All(channel => scene.Receivers[1].Texts(channel).SequenceEqual([channel])));
        await Task.WhenAll(channels.Select(channel => scene.Backplanes[1].UnsubscribeAsync(channel, Never).AsTask())).Soon();
    }

    [Fact]
    public async Task It_says_when_it_is_connected()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 1);
        Assert.Equal(1, scene.Receivers[0].Connected);
    }
}
