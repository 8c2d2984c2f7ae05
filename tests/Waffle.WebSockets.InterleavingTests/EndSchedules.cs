using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.InterleavingTests.Scenes;
using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.InterleavingTests;

/// <summary>Everything that can end a connection, at once.</summary>
public sealed class EndSchedules(ITestOutputHelper output)
{
    private const int Schedules = 20_000;
    private const int Tick = 50;
    private const int CloseTimeout = 100;

    [Fact]
    public void Whoever_ends_a_connection_it_ends_once_and_leaves_nothing() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = new ConnectionScene(schedule, options =>
            {
                options.SendQueueMaxBytes = 300;
                options.CloseTimeout = TimeSpan.FromMilliseconds(CloseTimeout);
            });
            var ends = 0;
            scene.Connection.Completion.ContinueWith(
                _ => Interlocked.Increment(ref ends), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            Action<ConnectionScene>[] ways = [CloseTwice, Abort, SendTooMuch, Read, LetTimePass];
            foreach (var way in ways.Where(_ => schedule.Random.Next(2) == 0))
            {
                scene.Add(() => way(scene));
            }

            scene.Add(() => BePeer(scene, schedule.Random));
            var fails = schedule.Random.Next(4) == 0;
            scene.Run(() => fails ? new IOException("The transport is gone.") : null);

            // The peer's bytes have ended: what is still waited for comes with time, or is on its way on the thread pool.
            Interleaver.WaitUntil(() =>
            {
                scene.EndPendingFlush();
                scene.Time.Tick(TimeSpan.FromMilliseconds(Tick));
                return Volatile.Read(ref ends) > 0
                    && scene.Connection.Closed.IsCancellationRequested
                    && scene.Transport is { IsInputCompleted: true, Output.Completions: > 0 }
                    && TimerWheel.For(scene.Time).Count == 0;
            });
            scene.Verify();
            Assert.Equal((1, 1), (Volatile.Read(ref ends), scene.Transport.Output.Completions));
            scene.VerifyReferences();
        },
        output);

    [Fact]
    public void A_write_that_fails_while_the_peers_Close_is_answered_leaves_the_time_limit_of_what_nobody_reads() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = new ConnectionScene(schedule, options => options.CloseTimeout = TimeSpan.FromMilliseconds(CloseTimeout));
            scene.Add(() =>
            {
                scene.Transport.Deliver(Frames.Text);
                scene.Transport.Deliver(Frames.Close);
            });
            scene.Add(() => scene.Send(0, 0, QueueFullPolicy.DropNewest));
            scene.Run(() => new IOException("The transport is gone."));

            Interleaver.WaitUntil(() =>
            {
                scene.EndPendingFlush();
                scene.Time.Tick(TimeSpan.FromMilliseconds(Tick));
                return scene.Connection.Closed.IsCancellationRequested;
            });
            scene.VerifyEnd(hasEndedBefore: true);
        },
        output);

    private static void CloseTwice(ConnectionScene scene)
    {
        scene.Connection.BeginClose(CloseCode.NormalClosure, "first");
        scene.Connection.BeginClose(CloseCode.GoingAway, "second");
    }

    private static void Abort(ConnectionScene scene) => scene.Connection.Abort();

    private static void SendTooMuch(ConnectionScene scene)
    {
        for (byte number = 0; number < 4; number++)
        {
            scene.Send(0, number, QueueFullPolicy.Disconnect);
        }
    }

    private static void Read(ConnectionScene scene)
    {
        try
        {
            while (true)
            {
                ConnectionScene.Wait(scene.Connection.ReadAsync().AsTask());
            }
        }
        catch (ConnectionClosedException)
        {
            // What it is for.
        }
    }

    private static void LetTimePass(ConnectionScene scene)
    {
        for (var i = 0; i < 4; i++)
        {
            scene.Time.Tick(TimeSpan.FromMilliseconds(Tick));
        }
    }

    private static void BePeer(ConnectionScene scene, Random random)
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            scene.Transport.Deliver(random.Next(6) switch
            {
                0 => Frames.Close,
                1 => Frames.Invalid,
                2 => Frames.Ping,
                _ => Frames.Text,
            });
        }

        scene.Transport.EndInput();
    }
}
