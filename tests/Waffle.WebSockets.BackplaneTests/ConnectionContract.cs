using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What a backplane with a connection tells of it, and what it answers without one; a class for each real engine inherits the tests.</summary>
public abstract class ConnectionContract
{
    private static readonly byte[] _message = "message"u8.ToArray();

    private static CancellationToken Never => CancellationToken.None;

    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task When_the_engine_ends_that_is_told_and_everything_is_refused_until_it_is_told_to_be_back()
    {
        var engine = await StartEngineAsync();
        await using var scene = BackplaneScene.Create(engine, engine.Connect(), engine.Connect());
        await scene.StartAsync();
        var heard = scene.Receivers[1];
        foreach (var channel in new[] { "kept", "left" })
        {
            await scene.SubscribeAsync(1, channel);
            await scene.PublishAsync(0, channel, "before");
            await Wait.Eventually(() => heard.Messages(channel).Count == 1, "it is heard");
        }

        await engine.Process.KillAsync();
        await Wait.Eventually(() => scene.Receivers.All(static receiver => receiver.Disconnected > 0), "both are told");
        await Assert.ThrowsAsync<BackplaneException>(() => scene.PublishAsync(0, "kept", "to nobody"));
        await Assert.ThrowsAsync<BackplaneException>(() => scene.SubscribeAsync(1, "joined"));

        // Whether the engine can be told or not, the channel is not wanted any more.
        Assert.True(await Record.ExceptionAsync(() => scene.UnsubscribeAsync(1, "left")) is null or BackplaneException);

        var connected = scene.Receivers.Select(static receiver => receiver.Connected).ToArray();
        await engine.Process.StartAsync();
        await Wait.Eventually(() => scene.Receivers.Zip(connected).All(static pair => pair.First.Connected > pair.Second), "both are told again");
        await UntilTakenAsync(() => scene.SubscribeAsync(1, "kept"));
        await UntilTakenAsync(() => scene.SubscribeAsync(1, "joined"));
        await UntilTakenAsync(() => scene.UnsubscribeAsync(1, "left"));
        foreach (var channel in new[] { "left", "kept", "joined" })
        {
            await UntilTakenAsync(() => scene.PublishAsync(0, channel, "after"));
        }

        await scene.UntilCameAsync(0, at: 1);
        await Wait.Eventually(() => heard.Texts("joined").Contains("after") && heard.Messages("kept").Count > 1, "all is heard again");
        Assert.Equal(["before", "after"], heard.Texts("kept"));
        Assert.Equal(["before"], heard.Texts("left"));
        Assert.Empty(heard.Texts("joined").Skip(1));
    }

    [Fact]
    public async Task Who_alone_is_cut_off_is_told_and_nobody_else()
    {
        var engine = await StartEngineAsync();
        await using var proxy = FaultyProxy.Start(engine.Process.Port);
        await using var scene = BackplaneScene.Create(engine, engine.Connect(), engine.Connect(proxy.Port));
        await scene.StartAsync();
        var (others, cutOff) = (scene.Receivers[0], scene.Receivers[1]);
        await scene.SubscribeAsync(0, "tea");

        var connected = cutOff.Connected;
        proxy.Cut();
        await Wait.Eventually(() => cutOff.Disconnected > 0, "it is told");
        await scene.PublishAsync(0, "tea", "by others");
        await Assert.ThrowsAsync<BackplaneException>(() => scene.PublishAsync(1, "tea", "lost"));
        proxy.Heal();
        await Wait.Eventually(() => cutOff.Connected > connected, "it is told again");
        await UntilTakenAsync(() => scene.PublishAsync(1, "tea", "back"));

        await Wait.Eventually(() => others.Texts("tea").Contains("back"), "it is heard again");
        Assert.Equal(["by others", "back"], others.Texts("tea"));
        Assert.Equal(0, others.Disconnected);
    }

    [Fact]
    public async Task Who_starts_before_the_engine_is_told_when_it_comes()
    {
        var engine = await StartEngineAsync();
        await engine.Process.KillAsync();
        await using var scene = BackplaneScene.Create(engine, engine.Connect());
        var (backplane, receiver) = (scene.Backplanes[0], scene.Receivers[0]);
        await Assert.ThrowsAsync<BackplaneException>(() => scene.PublishAsync(0, "tea", "too soon"));
        await Assert.ThrowsAsync<BackplaneException>(() => scene.SubscribeAsync(0, "tea"));

        var starting = backplane.StartAsync(receiver, Never).AsTask();
        await Assert.ThrowsAsync<BackplaneException>(() => scene.PublishAsync(0, "tea", "lost"));
        Assert.Equal(0, receiver.Connected);
        await engine.Process.StartAsync();
        await starting.Soon();
        await Wait.Eventually(() => receiver.Connected > 0, "it is told");
        await UntilTakenAsync(() => scene.SubscribeAsync(0, "tea"));
        await UntilTakenAsync(() => scene.PublishAsync(0, "tea", "heard"));
        await Wait.Eventually(() => receiver.Texts("tea").SequenceEqual(["heard"]), "it is heard");
    }

    [Fact]
    public async Task A_start_that_is_called_off_ends_and_so_does_the_backplane()
    {
        var engine = await StartEngineAsync();
        await engine.Process.PauseAsync();
        await using var scene = BackplaneScene.Create(engine, engine.Connect());
        using var off = new CancellationTokenSource();
        var starting = scene.Backplanes[0].StartAsync(scene.Receivers[0], off.Token).AsTask();
        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.Soon());
        await scene.Backplanes[0].DisposeAsync().AsTask().Soon();
        Assert.Equal(0, scene.Receivers[0].Calls);
    }

    [Fact]
    public async Task A_subscription_that_is_called_off_while_the_engine_answers_nothing_ends_and_can_be_asked_for_again()
    {
        var engine = await StartEngineAsync();
        await using var scene = BackplaneScene.Create(engine, engine.Connect());
        await scene.StartAsync();
        await engine.Process.PauseAsync();
        using var off = new CancellationTokenSource();
        var subscribing = scene.Backplanes[0].SubscribeAsync("tea", off.Token).AsTask();
        await off.CancelAsync();
        var error = await Record.ExceptionAsync(() => subscribing.Soon());
        Assert.True(error is OperationCanceledException or BackplaneException, $"{error}");

        await engine.Process.ResumeAsync();
        await UntilTakenAsync(() => scene.SubscribeAsync(0, "tea"));
        await UntilTakenAsync(() => scene.PublishAsync(0, "tea", "once"));
        await UntilTakenAsync(() => scene.PublishAsync(0, "tea", "end"));
        await Wait.Eventually(() => scene.Receivers[0].Texts("tea").Contains("end"), "it is heard");
        Assert.Equal(["once", "end"], scene.Receivers[0].Texts("tea"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_its_engine_it_can_be_disposed_of_whatever_is_under_way(bool isPaused)
    {
        var engine = await StartEngineAsync();
        await using var scene = BackplaneScene.Create(engine, engine.Connect());
        await scene.StartAsync();
        var backplane = scene.Backplanes[0];
        await scene.SubscribeAsync(0, "tea");
        await (isPaused ? engine.Process.PauseAsync() : engine.Process.KillAsync());
        Task[] underWay =
        [
            backplane.PublishAsync("tea", _message, Never).AsTask(),
            backplane.SubscribeAsync("coffee", Never).AsTask(),
            backplane.UnsubscribeAsync("tea", Never).AsTask(),
        ];
        await backplane.DisposeAsync().AsTask().Soon();
        foreach (var task in underWay)
        {
            var error = await Record.ExceptionAsync(() => task.Soon());
            Assert.True(error is null or BackplaneException, $"{error}");
        }
    }

    [Fact]
    public async Task What_is_longer_than_the_engine_takes_is_refused_and_what_follows_is_not()
    {
        var engine = await StartEngineAsync();
        await using var scene = BackplaneScene.Create(engine, engine.Connect(), engine.Connect());
        await scene.StartAsync();
        await scene.SubscribeAsync(1, "tea");
        await scene.PublishAsync(0, "tea", new string('x', engine.LongestMessage));
        await Wait.Eventually(() => scene.Receivers[1].Messages("tea").Count == 1, "the longest is heard");
        await Assert.ThrowsAsync<BackplaneException>(() => scene.PublishAsync(0, "tea", new string('x', engine.LongestMessage + 1)));
        await UntilTakenAsync(() => scene.PublishAsync(0, "tea", "short"));
        await Wait.Eventually(() => scene.Receivers[1].Messages("tea").Count > 1, "the short one is heard");
        Assert.Equal([engine.LongestMessage, "short".Length], scene.Receivers[1].Messages("tea").Select(static message => message.Length));
    }

    // The driver may still be setting up its connections when the first is there.
    private static Task UntilTakenAsync(Func<Task> ask) => Wait.Eventually(
        async () =>
        {
            try
            {
                await ask();
                return true;
            }
            catch (BackplaneException)
            {
                return false;
            }
        },
        "the engine takes it");
}
