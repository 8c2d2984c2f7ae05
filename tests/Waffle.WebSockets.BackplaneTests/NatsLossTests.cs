using NATS.Client.Core;
using Waffle.WebSockets.Nats;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What NATS ends, and its driver drops, as its backplane tells it.</summary>
public sealed class NatsLossTests : IDisposable
{
    private readonly EngineFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_subscription_that_the_engine_ends_is_told_and_the_others_stay()
    {
        var engine = new NatsEngine(await EngineProcess.StartNatsAsync("-c", Permit("""deny: ["nothing"]""")), monitoringPort: 0);
        await using var scene = BackplaneScene.Create(engine, Connect(engine), Connect(engine));
        await scene.StartAsync();
        var receiver = scene.Receivers[1];
        await scene.SubscribeAsync(1, "tea");
        await scene.SubscribeAsync(1, "coffee");

        Permit("""deny: ["tea"]""");
        await engine.Process.ReloadAsync();
        await Wait.Eventually(() => receiver.Lost.Count > 0, "it is told");
        await Assert.ThrowsAsync<BackplaneException>(() => scene.SubscribeAsync(1, "tea"));
        await scene.PublishAsync(0, "tea", "to nobody");
        await scene.PublishAsync(0, "coffee", "heard");
        await Wait.Eventually(() => receiver.Texts("coffee").SequenceEqual(["heard"]), "the other channel is heard");
        Assert.Equal(["tea"], receiver.Lost);
        Assert.Empty(receiver.Texts("tea"));
    }

    [Fact]
    public async Task What_the_driver_drops_is_told_with_the_channel_and_what_waits_is_heard()
    {
        const int Capacity = 16;
        using var gate = new ManualResetEventSlim();
        var engine = await Engines.StartNatsAsync();
        var slow = new NatsBackplane(NatsOpts.Default with { Url = engine.Setting.Value, SubPendingChannelCapacity = Capacity });
        await using var scene = BackplaneScene.Create(engine, engine.Connect(), slow);
        await scene.StartAsync();
        var receiver = scene.Receivers[1];
        receiver.Taking = channel =>
        {
            if (channel == "tea")
            {
                gate.Wait();
            }
        };
        await scene.SubscribeAsync(1, "tea");
        try
        {
            for (var i = 0; i < 4 * Capacity; i++)
            {
                await scene.PublishAsync(0, "tea", $"{i}");
            }

            // At most one is being taken, and as many wait as may.
            await Wait.Eventually(() => receiver.DroppedIn.Count >= (3 * Capacity) - 1, "it is told");
        }
        finally
        {
            gate.Set();
        }

        await Wait.Eventually(() => receiver.Messages("tea").Count + receiver.DroppedIn.Count == 4 * Capacity, "what waited is heard");
        Assert.All(receiver.DroppedIn, static channel => Assert.Equal("tea", channel));
        Assert.Empty(receiver.Lost);
    }

    private static NatsBackplane Connect(NatsEngine engine) =>
        new(NatsOpts.Default with { Url = $"nats://waffle:secret@127.0.0.1:{engine.Process.Port}" });

    private string Permit(string subscriptions) => _files.Write(
        "nats.conf",
        $$"""authorization { users = [ { user: waffle, password: secret, permissions: { subscribe: { {{subscriptions}} } } } ] }""");
}
