using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore.Drain;

/// <summary>An application that stops, or is told to, sees its clients off: nothing half done, nobody waited for without end.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task C83_who_is_at_work_finishes_and_what_was_accepted_goes_out_before_the_Close()
    {
        await using var scene = await DrainScene.StartAsync();
        await using var atWork = await scene.ConnectAtWorkAsync();
        await using var idle = await scene.ConnectAsync();
        var slow = await scene.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await scene.Host.Hub.BroadcastBinaryAsync(new byte[20_000]);
        }

        var stop = scene.Host.App.StopAsync();
        await ReadBroadcastsAsync(idle);
        await ExpectCloseAsync(idle);
        await ReadBroadcastsAsync(slow);
        await ExpectCloseAsync(slow);
        Assert.False(stop.IsCompleted);
        await Wait.Eventually(() => scene.Host.Hub.Count == 1);
        Assert.False(Assert.Single(scene.Host.Hub.Clients).Connection.Closed.IsCancellationRequested);

        await scene.ExpectClosePendingAsync();
        scene.Work.SetResult();
        await ReadBroadcastsAsync(atWork);
        Assert.Equal("""{"type":"work","payload":"done","id":"2"}""", (await atWork.ReadFrameAsync())!.Text);
        await ExpectCloseAsync(atWork);
        await stop.Soon();
        Assert.Equal((3, 3, 0, 1, 0), Summary(scene.Drain.Report!));
        Assert.DoesNotContain(scene.Host.Logs.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task C84_every_disconnect_callback_has_run_once_with_its_reason_before_the_stop_returns()
    {
        await using var scene = await DrainScene.StartAsync();
        var peers = new List<RawPeer>();
        for (var i = 0; i < 100; i++)
        {
            peers.Add(await scene.ConnectAsync());
        }

        var answers = peers.Select(ExpectCloseAsync).ToArray();
        await scene.Host.App.StopAsync().Soon();
        Assert.Equal(100, scene.Disconnects.Count);
        Assert.All(scene.Disconnects, disconnect => Assert.Equal((CloseCause.Shutdown, CloseCode.ServiceRestart), (disconnect.Close.Cause, disconnect.Close.Code)));
        await Task.WhenAll(answers).Soon();
    }

    [Fact]
    public async Task C85_those_who_do_not_answer_are_cut_and_who_ignores_his_token_is_left_behind()
    {
        await using var scene = await DrainScene.StartAsync(
            options => options.Timeout = TimeSpan.FromSeconds(2), configure: builder => builder.Services.Configure<WebSocketEndpointOptions>(
                options => options.CloseTimeout = TimeSpan.FromSeconds(1)));
        await using var silent = await scene.ConnectAsync();
        await using var atWork = await scene.ConnectAtWorkAsync();
        await using var ignoring = await scene.ConnectAtWorkAsync("ignore");

        await scene.Host.App.StopAsync().Soon();

        Assert.Equal((3, 0, 3, 0, 1), Summary(scene.Drain.Report!));
        var line = Assert.Single(scene.Host.Logs.Lines, line => line.Id.Id == 1102);
        Assert.Contains("0 closed, 3 cut; 0 had messages at work that were finished; handlers left behind: 1", line.Text, StringComparison.Ordinal);
        Assert.Single(scene.Host.Logs.Lines, line => line.Id.Id == 1103);

        // Its client has left all the same.
        Assert.Equal(3, scene.Disconnects.Count);
    }

    [Fact]
    public async Task Who_comes_meanwhile_is_refused_with_503_and_told_when_to_try_again()
    {
        await using var scene = await DrainScene.StartAsync(options => options.ReconnectWindow = TimeSpan.FromSeconds(3));
        await using var atWork = await scene.ConnectAtWorkAsync();
        var stop = scene.Host.App.StopAsync();
        await Wait.Eventually(() => scene.Drain.IsDraining);

        var (head, _) = await RawHandshake.SendAsync(await scene.Host.ConnectAsync(), RawHandshake.Request("/hub"));

        Assert.StartsWith("HTTP/1.1 503", head, StringComparison.Ordinal);
        Assert.Matches("\r\nRetry-After: [1-3](\r|$)", head);
        Assert.Contains("\r\nConnection: close", head, StringComparison.Ordinal);
        scene.Work.SetResult();
        await atWork.ReadFrameAsync();
        await ExpectCloseAsync(atWork);
        await stop.Soon();
    }

    [Fact]
    public async Task It_can_be_begun_before_the_stop_and_tells_all_the_same()
    {
        await using var scene = await DrainScene.StartAsync();
        await using var peer = await scene.ConnectAsync();
        Assert.False(scene.Drain.IsDraining);
        Assert.Null(scene.Drain.Report);

        var first = scene.Drain.DrainAsync(CancellationToken.None);
        var second = scene.Drain.DrainAsync(CancellationToken.None);
        Assert.True(scene.Drain.IsDraining);
        await ExpectCloseAsync(peer);

        Assert.Same(await first.Soon(), await second.Soon());
        Assert.Same(await first, scene.Drain.Report);
        Assert.Equal((1, 1, 0, 0, 0), Summary(await first));
        await scene.Host.App.StopAsync().Soon();
        Assert.Single(scene.Host.Logs.Lines, line => line.Id.Id == 1101);
    }

    [Fact]
    public async Task Who_waits_for_it_may_stop_waiting()
    {
        await using var scene = await DrainScene.StartAsync();
        await using var atWork = await scene.ConnectAtWorkAsync();
        using var cancellation = new CancellationTokenSource();
        var drain = scene.Drain.DrainAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drain);
        await scene.ExpectClosePendingAsync();

        scene.Work.SetResult();
        await atWork.ReadFrameAsync();
        await ExpectCloseAsync(atWork);
        Assert.Equal((1, 1, 0, 1, 0), Summary(await scene.Drain.DrainAsync(CancellationToken.None).Soon()));
    }

    [Fact]
    public async Task After_the_HandlerTimeout_a_client_is_closed_although_its_handler_is_at_work()
    {
        await using var scene = await DrainScene.StartAsync(options => options.HandlerTimeout = TimeSpan.FromMilliseconds(1));
        await using var atWork = await scene.ConnectAtWorkAsync();
        var drain = scene.Drain.DrainAsync(CancellationToken.None);
        await ExpectCloseAsync(atWork);
        Assert.Equal((1, 1, 0, 0, 0), Summary(await drain.Soon()));
    }

    [Fact]
    public async Task An_application_without_a_hub_is_drained_too()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/ws", async (connection, ct) =>
            {
                await connection.ReadTextAsync(ct);
                gate.SetResult();
                await connection.WriteTextAsync("done", ct);
            }),
            builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromHours(1)));
        await using var peer = await host.ConnectPeerAsync("/ws");
        var stop = host.App.StopAsync();
        await ExpectCloseAsync(peer);
        await stop.Soon();
        Assert.False(gate.Task.IsCompleted);
    }

    [Fact]
    public async Task A_host_that_waits_no_longer_is_not_held_up()
    {
        await using var scene = await DrainScene.StartAsync();
        await using var ignoring = await scene.ConnectAtWorkAsync("ignore");
        using var patience = new CancellationTokenSource();
        var stop = scene.Host.App.StopAsync(patience.Token);
        await Wait.Eventually(() => scene.Drain.IsDraining);
        await patience.CancelAsync();
        await stop.ContinueWith(static _ => { }, TaskScheduler.Default).Soon();
        Assert.Equal((1, 0, 1, 0, 1), Summary(scene.Drain.Report!));
    }

    private static (int Connections, int Closed, int Cut, int Finished, int LeftBehind) Summary(DrainReport report) =>
        (report.Connections, report.Closed, report.Cut, report.Finished, report.LeftBehind);

    private static async Task ReadBroadcastsAsync(RawPeer peer)
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(20_000, (await peer.ReadFrameAsync())!.Payload.Length);
        }
    }

    private static async Task ExpectCloseAsync(RawPeer peer)
    {
        Assert.Equal(CloseCode.ServiceRestart, (await peer.ReadFrameAsync())!.CloseCode);
        await peer.SendCloseAsync(1012);
    }
}
