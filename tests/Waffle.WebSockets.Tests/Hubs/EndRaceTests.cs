using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Threads that use a client while it ends and after it: each call has a typed result that is true.</summary>
public sealed class EndRaceTests
{
    private const int Rounds = 10_000;
    private const int RoundsOfOneHub = 500;
    private const int Callers = 3;
    private const int CallsAfterTheEnd = 2;

    [Fact]
    public async Task C44_calls_during_and_after_the_end_have_typed_results_and_what_was_queued_is_accounted_for()
    {
        for (var round = 0; round < Rounds; round += RoundsOfOneHub)
        {
            await using var scene = new HubScene();
            for (var i = 0; i < RoundsOfOneHub; i++)
            {
                await RunAsync(scene, isAborted: i % 2 == 0);
            }

            Assert.Empty(scene.Hub.RoomNames);
            Assert.Equal(0, scene.Hub.Count);
            Assert.Empty(scene.Logs.Lines);
        }
    }

    private static async Task RunAsync(HubScene scene, bool isAborted)
    {
        var peer = await scene.ConnectAsync();
        var room = scene.Hub.Room("room");
        await room.JoinAsync(peer.Client);
        var receiving = peer.Peer.ReadToEndAsync();
        var left = Callers;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int>[] calls =
        [
            CallAsync(async () => await peer.Client.SendTextAsync("send") switch
            {
                SendStatus.Queued => 1,
                SendStatus.Closed => 0,
                var other => throw new InvalidOperationException($"{other}"),
            }),
            CallAsync(async () =>
            {
                var result = await room.BroadcastTextAsync("broadcast");
                Assert.Equal((0, true), (result.Dropped, result.Targeted <= 1));
                return result.Queued;
            }),
            CallAsync(async () =>
            {
                Assert.True(await peer.Client.JoinAsync("other") is JoinResult.Joined or JoinResult.AlreadyMember or JoinResult.Closed);
                return 0;
            }),
        ];
        var ping = Task.Run(() => peer.Client.Connection.PingAsync());
        await ready.Task.Soon();
        start.SetResult();
        if (isAborted)
        {
            peer.Client.Connection.Abort();
        }
        else
        {
            _ = peer.Client.CloseAsync();
            await peer.Peer.EndAsync();
        }

        var queued = (await Task.WhenAll(calls).Soon()).Sum();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => ping.Soon());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => peer.Client.Connection.PingAsync().Soon());
        var end = await peer.Client.Connection.Completion.Soon();
        var received = (await receiving.Soon()).Count(frame => frame.Opcode == RawFrame.TextOpcode);

        // What is cut in the middle of a write may have arrived all the same.
        Assert.InRange(queued, isAborted ? 0 : received + end.UnsentMessages, received + end.UnsentMessages);
        await peer.Client.Departure.Soon();

        // Calls until the end, and some more.
        Task<int> CallAsync(Func<Task<int>> call) => Task.Run(async () =>
        {
            var count = await call();
            if (Interlocked.Decrement(ref left) == 0)
            {
                ready.SetResult();
            }

            await start.Task;
            while (!peer.Client.Connection.IsClosed)
            {
                count += await call();
            }

            for (var i = 0; i < CallsAfterTheEnd; i++)
            {
                count += await call();
            }

            return count;
        });
    }
}
