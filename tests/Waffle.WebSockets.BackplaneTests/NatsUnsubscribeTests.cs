using NATS.Client.Core;
using Waffle.WebSockets.Nats;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>NATS can't be told that a channel is not wanted any more, for its connection takes nothing.</summary>
public sealed class NatsUnsubscribeTests
{
    private static readonly byte[] _bulk = new byte[512 * 1024];

    private static CancellationToken Never => CancellationToken.None;

    [Fact]
    public async Task Who_wants_the_channel_again_gets_a_new_subscription_and_nothing_of_the_one_before()
    {
        await using var engine = await Engines.StartNatsAsync();
        await using var proxy = FaultyProxy.Start(engine.Process.Port);
        var options = NatsOpts.Default with { Url = $"nats://127.0.0.1:{proxy.Port}", CommandTimeout = TimeSpan.FromSeconds(1) };
        await using var backplane = new NatsBackplane(options);
        await using var other = engine.Connect();
        var receiver = new RecordingReceiver();
        await backplane.StartAsync(receiver, Never);
        await other.StartAsync(new RecordingReceiver(), Never);
        await backplane.SubscribeAsync("tea", Never);

        proxy.Stall(ProxyDirections.ToTarget);
        await Wait.Eventually(async () => !await EndsWellAsync(backplane.PublishAsync("filler", _bulk, Never)), "no more is taken");
        await Assert.ThrowsAsync<BackplaneException>(() => backplane.UnsubscribeAsync("tea", Never).AsTask());
        Assert.Equal(0, backplane.Channels);

        // The engine still has the subscription; and when it confirms another, it has seen what was published before.
        await other.PublishAsync("tea", "late"u8.ToArray(), Never);
        await other.SubscribeAsync("coffee", Never);
        proxy.Heal();
        await Wait.Eventually(() => EndsWellAsync(backplane.SubscribeAsync("tea", Never)), "it is subscribed to again");
        await other.PublishAsync("tea", "heard"u8.ToArray(), Never);
        await Wait.Eventually(() => receiver.Texts("tea").Contains("heard"), "it hears");
        Assert.Equal(["heard"], receiver.Texts("tea"));
        Assert.Equal(1, backplane.Channels);
        Assert.Empty(receiver.Lost);
        Assert.Empty(receiver.DroppedIn);
    }

    private static async Task<bool> EndsWellAsync(ValueTask asking)
    {
        try
        {
            await asking;
            return true;
        }
        catch (BackplaneException)
        {
            return false;
        }
    }
}
