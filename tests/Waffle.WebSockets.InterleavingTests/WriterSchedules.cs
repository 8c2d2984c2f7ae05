using Waffle.WebSockets.InterleavingTests.Scenes;
using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.InterleavingTests;

/// <summary>Many senders, one writer, a transport that is full now and then.</summary>
public sealed class WriterSchedules(ITestOutputHelper output)
{
    private const int Schedules = 50_000;

    private static readonly string?[] _keys = [null, null, null, "key"];

    [Fact]
    public void What_was_accepted_goes_out_whole_once_and_in_order() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = CreateScene(schedule);
            scene.Run();
            scene.VerifyEnd(hasEndedBefore: scene.Connection.IsClosed);
        },
        output);

    [Fact]
    public void An_end_in_between_loses_nothing_that_it_does_not_tell() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = CreateScene(schedule);
            scene.Add(() =>
            {
                if (schedule.Random.Next(2) == 0)
                {
                    scene.Connection.BeginClose(CloseCode.GoingAway, string.Empty);
                }
                else
                {
                    scene.Connection.Abort();
                }
            });
            scene.Run();
            scene.VerifyEnd(hasEndedBefore: true);
        },
        output);

    // Two or three senders, and a peer that pings: its pongs go ahead.
    private static ConnectionScene CreateScene(Interleaver schedule)
    {
        var scene = new ConnectionScene(schedule, options => options.SendQueueMaxBytes = 600);
        for (byte sender = 0; sender < schedule.Random.Next(2, 4); sender++)
        {
            var me = sender;
            scene.Add(() => Send(scene, me, schedule.Random));
        }

        if (schedule.Random.Next(2) == 0)
        {
            scene.Add(() => scene.Transport.Deliver(Frames.Ping));
        }

        return scene;
    }

    private static void Send(ConnectionScene scene, byte sender, Random random)
    {
        var messages = random.Next(1, 4);
        for (byte number = 0; number < messages; number++)
        {
            var policy = random.Next(12) switch
            {
                0 => QueueFullPolicy.Disconnect,
                < 4 => QueueFullPolicy.DropOldest,
                < 8 => QueueFullPolicy.DropNewest,
                _ => QueueFullPolicy.Wait,
            };
            scene.Send(sender, number, policy, _keys[random.Next(_keys.Length)]);
        }
    }
}
