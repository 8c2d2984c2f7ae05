using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
        await using var ignoring = await scene.ConnectAtWorkAsync("ignore");
        var connection = scene.Host.Hub.Clients.Single(static client => client.Connection.IsAtWork).Connection;
        Assert.NotNull(connection.GetHttpContext());

        await scene.Host.App.StopAsync().Soon();

        Assert.Equal((2, 0, 2, 0, 1), Summary(scene.Drain.Report!));
        var line = Assert.Single(scene.Host.Logs.Lines, line => line.Id.Id == 1102);
        Assert.Contains("0 closed, 2 cut; 0 had messages at work that were finished; handlers left behind: 1", line.Text, StringComparison.Ordinal);
        Assert.Contains(connection.Id, Assert.Single(scene.Host.Logs.Lines, line => line.Id.Id == 1103).Text, StringComparison.Ordinal);
        Assert.Null(connection.GetHttpContext());

        // Its client has left all the same.
        Assert.Equal(2, scene.Disconnects.Count);
    }

    [Fact]
    public async Task Who_has_read_nothing_for_long_is_cut_and_not_counted_as_closed()
    {
        await using var scene = await DrainScene.StartAsync(configure: static builder => builder.Services.Configure<WebSocketEndpointOptions>(options =>
        {
            options.WriteTimeout = TimeSpan.FromSeconds(1);
            options.CloseTimeout = TimeSpan.FromSeconds(30);
        }));
        await using var stalled = await scene.ConnectAsync();
        await using var reading = await scene.ConnectAsync();
        await stalled.SendTextAsync("""{"type":"hello","id":"3"}""");
        var slow = scene.Host.Hub.GetRequiredClient(TypedMessage.Parse((await stalled.ReadFrameAsync())!.Payload).GetPayload<string>()!);

        // More than the system takes for somebody who does not read.
        await Wait.Eventually(async () =>
        {
            await slow.SendBinaryAsync(new byte[500_000], new SendOptions { WhenQueueFull = QueueFullPolicy.DropNewest });
            return slow.Connection.Queue.WaitingBytes > 500_000;
        });
        var drain = scene.Drain.DrainAsync(CancellationToken.None);
        await ExpectCloseAsync(reading);
        Assert.Equal((2, 1, 1, 0, 0), Summary(await drain.Soon()));
    }

    [Fact]
    public async Task A_handler_that_ends_by_itself_meanwhile_closes_as_the_drain_does()
    {
        await using var scene = await DrainScene.StartAsync(
            static options => (options.BatchSize, options.BatchInterval) = (1, TimeSpan.FromSeconds(20)),
            map: static app =>
            {
                app.MapWebSocket("/until-stop", (_, ct) => UntilStopAsync(app.Lifetime, ct));
                app.Map("/accepted", async http =>
                {
                    await using var connection = await http.AcceptWebSocketConnectionAsync();
                    await UntilStopAsync(app.Lifetime, connection!.Closed);
                });
            });
        RawPeer[] peers =
        [
            await scene.Host.ConnectPeerAsync("/until-stop"),
            await scene.Host.ConnectPeerAsync("/until-stop"),
            await scene.Host.ConnectPeerAsync("/accepted"),
            await scene.Host.ConnectPeerAsync("/accepted"),
        ];
        scene.Host.App.Lifetime.StopApplication();
        await Task.WhenAll(peers.Select(ExpectCloseAsync)).Soon();
        await scene.Drain.DrainAsync(CancellationToken.None).Soon();
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    [Fact]
    public async Task Begun_by_the_stop_of_the_application_itself_it_is_over_when_the_host_is()
    {
        await using var scene = await DrainScene.StartAsync();
        await using var peer = await scene.ConnectAsync();
        var over = scene.Host.App.WaitForShutdownAsync();
        scene.Host.App.Lifetime.StopApplication();
        await ExpectCloseAsync(peer);
        await over.Soon();
        Assert.Equal((1, 1, 0, 0, 0), Summary(scene.Drain.Report!));
    }

    [Fact]
    public async Task Before_the_stop_nobody_is_left_behind_for_the_server_lives_on()
    {
        await using var scene = await DrainScene.StartAsync(static options => options.Timeout = TimeSpan.FromSeconds(1));
        await using var ignoring = await scene.ConnectAtWorkAsync("ignore");
        var connection = Assert.Single(scene.Host.Hub.Clients).Connection;
        Assert.Equal((1, 0, 1, 0, 1), Summary(await scene.Drain.DrainAsync(CancellationToken.None).Soon()));
        Assert.False(connection.Released.IsCompleted);
        Assert.NotNull(connection.GetHttpContext());
        await scene.Host.App.StopAsync().Soon();
        Assert.True(connection.Released.IsCompleted);
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

    private static (int Connections, int Closed, int Cut, int Finished, int LeftBehind) Summary(WebSocketDrainReport report) =>
        (report.Connections, report.Closed, report.Cut, report.Finished, report.LeftBehind);

    private static async Task UntilStopAsync(IHostApplicationLifetime lifetime, CancellationToken closed)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, closed);
        await Wait.ForCancellationAsync(either.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

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
