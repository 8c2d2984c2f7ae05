using System.Globalization;
using Xunit;

namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>What every backplane keeps while messages wait, subscriptions come and go, and at its end; part of <see cref="BackplaneContract"/>.</summary>
public abstract class BackplaneUnderWayContract
{
    // No more than any driver lets wait in a channel.
    private const int Backlog = 500;

    private static CancellationToken Never => CancellationToken.None;

    /// <summary>An engine that is there.</summary>
    protected abstract Task<IEngine> StartEngineAsync();

    [Fact]
    public async Task What_has_come_is_delivered_before_a_subscription_is_taken_back_and_nothing_is_afterwards()
    {
        using var gate = new ManualResetEventSlim();
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        var receiver = scene.Receivers[1];
        await scene.SubscribeAsync(1, "tea");
        Task takingBack;
        try
        {
            await FillAsync(scene, gate, Backlog);
            takingBack = scene.UnsubscribeAsync(1, "tea");
            await AssertOthersGoOnAsync(scene);
            Assert.False(takingBack.IsCompleted, "It has to wait for what has come.");
        }
        finally
        {
            gate.Set();
        }

        await takingBack;
        Assert.Equal(Numbers(Backlog), receiver.Texts("tea"));
        await scene.PublishAsync(0, "tea", "to nobody");
        await scene.UntilCameAsync(0, at: 1);
        await scene.SubscribeAsync(1, "tea");
        await scene.PublishAsync(0, "tea", "anew");
        await Wait.Eventually(() => receiver.Messages("tea").Count > Backlog, "the new subscription brings something");
        Assert.Equal([.. Numbers(Backlog), "anew"], receiver.Texts("tea"));
    }

    [Fact]
    public async Task What_a_slow_receiver_misses_is_told_and_the_rest_keeps_its_order()
    {
        const int Messages = 3_000;
        using var gate = new ManualResetEventSlim();
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        var receiver = scene.Receivers[1];
        await scene.SubscribeAsync(1, "tea");
        try
        {
            await FillAsync(scene, gate, Messages);
        }
        finally
        {
            gate.Set();
        }

        await Wait.Eventually(() => receiver.Messages("tea").Count + receiver.DroppedIn.Count == Messages, "all came, or was told to be dropped");
        Assert.All(receiver.DroppedIn, static channel => Assert.Equal("tea", channel));
        int[] heard = [.. receiver.Texts("tea").Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(heard.Distinct().Order(), heard);
    }

    [Fact]
    public async Task While_others_publish_without_a_pause_channels_come_and_go_and_nothing_comes_in_between()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        var channels = Channels(20);
        await scene.SubscribeAsync(0, "round");
        using var enough = new CancellationTokenSource();
        var publishing = PublishInRoundsAsync(scene, channels, enough.Token);
        await Task.WhenAll(channels.Select(channel => ComeAndGoAsync(scene, channel))).Soon();
        await enough.CancelAsync();
        await publishing.Soon();
        foreach (var channel in channels)
        {
            int[] heard = [.. scene.Receivers[1].Texts(channel).Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
            Assert.Equal(heard.Distinct().Order(), heard);
        }
    }

    [Fact]
    public async Task Disposed_of_while_all_is_under_way_it_lets_everything_end()
    {
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        var (backplane, receiver, channels) = (scene.Backplanes[1], scene.Receivers[1], Channels(50));
        await Task.WhenAll(channels.Select(channel => scene.SubscribeAsync(1, channel)));
        Task[] underWay =
        [
            .. channels.Select(channel => scene.PublishAsync(0, channel, "late")),
            .. channels.Select(channel => backplane.PublishAsync(channel, "late, too"u8.ToArray(), Never).AsTask()),
            .. channels.Select(channel => backplane.UnsubscribeAsync(channel, Never).AsTask()),
            .. channels.Select(channel => backplane.SubscribeAsync($"new.{channel}", Never).AsTask()),
        ];
        await backplane.DisposeAsync().AsTask().Soon();
        var calls = receiver.Calls;
        foreach (var task in underWay)
        {
            var error = await Record.ExceptionAsync(() => task.Soon());
            Assert.True(error is null or BackplaneException, $"{error}");
        }

        await AssertOthersGoOnAsync(scene);
        Assert.Equal(calls, receiver.Calls);
    }

    [Fact]
    public async Task Disposed_of_while_a_message_is_taken_it_waits_for_that_and_calls_nobody_afterwards()
    {
        using var gate = new ManualResetEventSlim();
        await using var scene = await BackplaneScene.StartAsync(StartEngineAsync, servers: 2);
        var receiver = scene.Receivers[1];
        await scene.SubscribeAsync(1, "tea");
        Task disposing;
        try
        {
            await FillAsync(scene, gate, Backlog);
            disposing = Task.Run(() => scene.Backplanes[1].DisposeAsync().AsTask());
            await AssertOthersGoOnAsync(scene);
            Assert.False(disposing.IsCompleted, "It has to wait for the call that is under way.");
        }
        finally
        {
            gate.Set();
        }

        await disposing.Soon();
        var (calls, kept) = (receiver.Calls, receiver.Messages("tea").Count);
        await AssertOthersGoOnAsync(scene);
        Assert.Equal((calls, kept), (receiver.Calls, receiver.Messages("tea").Count));
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(static number => $"{number}")];

    private static string[] Channels(int count) => [.. Enumerable.Range(0, count).Select(static number => $"room.{number}")];

    // Server 1 is held up by the first message in "tea", and the others wait behind it.
    private static async Task FillAsync(BackplaneScene scene, ManualResetEventSlim gate, int messages)
    {
        var isHeldUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Receivers[1].Taking = channel =>
        {
            if (channel == "tea")
            {
                isHeldUp.TrySetResult();
                gate.Wait();
            }
        };
        foreach (var number in Numbers(messages))
        {
            await scene.PublishAsync(0, "tea", number);
        }

        await isHeldUp.Task.Soon();
        await scene.UntilCameAsync(0, at: 1);
    }

    // Meanwhile whatever must not happen would have the time to.
    private static async Task AssertOthersGoOnAsync(BackplaneScene scene)
    {
        const string Channel = "others";
        await scene.SubscribeAsync(0, Channel);
        var before = scene.Receivers[0].Messages(Channel).Count;
        for (var heard = before + 1; heard <= before + 100; heard++)
        {
            await scene.PublishAsync(0, Channel, "there");
            await Wait.Eventually(() => scene.Receivers[0].Messages(Channel).Count == heard, "others hear each other");
        }
    }

    private static async Task PublishInRoundsAsync(BackplaneScene scene, string[] channels, CancellationToken enough)
    {
        for (var round = 1; !enough.IsCancellationRequested; round++)
        {
            await Task.WhenAll(channels.Append("round").Select(channel => scene.PublishAsync(0, channel, $"{round}")));
            await Wait.Eventually(() => scene.Receivers[0].Messages("round").Count == round, "a round is over");
        }
    }

    private static async Task ComeAndGoAsync(BackplaneScene scene, string channel)
    {
        var (rounds, messages) = (scene.Receivers[0].Messages("round"), scene.Receivers[1].Messages(channel));
        for (var i = 0; i < 10; i++)
        {
            await scene.SubscribeAsync(1, channel);
            var before = messages.Count;
            await Wait.Eventually(() => messages.Count > before, "something comes");
            await scene.UnsubscribeAsync(1, channel);
            var (after, seen) = (messages.Count, rounds.Count);
            await Wait.Eventually(() => rounds.Count >= seen + 2, "others have published more");
            Assert.Equal(after, messages.Count);
        }
    }
}
