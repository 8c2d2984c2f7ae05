using Waffle.WebSockets.InterleavingTests.Scenes;
using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.InterleavingTests;

/// <summary>Joins, leaves, broadcasts and deletions of rooms against each other and against the end of a client.</summary>
public sealed class HubSchedules(ITestOutputHelper output)
{
    private const int Schedules = 5_000;

    private static readonly string[] _rooms = ["a", "b"];

    [Fact]
    public void A_join_against_the_end_leaves_no_member_and_the_callback_hears_of_each_room() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = new HubScene(schedule);
            var joined = new HashSet<string>();
            schedule.Add(() =>
            {
                var client = scene.Connect();
                scene.Add(() => client.Connection.Abort());
                scene.Add(() =>
                {
                    Join(client, "a", joined);
                    Join(client, "b", joined);
                    if (Wait(client.LeaveAsync("a")))
                    {
                        joined.Remove("a");
                    }
                });
                scene.Add(() => Wait(client.Departure));
            });
            schedule.Run();
            Assert.Equal(joined.Order(), scene.Disconnects.Single().Rooms.Order());
            scene.VerifyNothingIsLeft();
        },
        output);

    [Fact]
    public void Members_and_rooms_agree_whatever_joins_leaves_and_deletions_meet() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = new HubScene(schedule);
            schedule.Add(() =>
            {
                var clients = new[] { scene.Connect(), scene.Connect(), scene.Connect() };
                foreach (var client in clients)
                {
                    scene.Add(() => JoinAndLeave(client, schedule.Random));
                }

                scene.Add(() => Wait(scene.Hub.DeleteRoomAsync(_rooms[schedule.Random.Next(2)])));
                scene.Add(() => clients[0].Connection.Abort());
                scene.Add(() => Wait(clients[0].Departure));
            });
            schedule.Run();
            scene.VerifyMembers();
            scene.EndAll();
            scene.VerifyNothingIsLeft();
        },
        output);

    [Fact]
    public void All_members_see_the_broadcasts_of_a_room_in_one_order_from_their_join_on() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = new HubScene(schedule);
            schedule.Add(() =>
            {
                var (stayer, joiner) = (scene.Connect(), scene.Connect());
                Wait(stayer.JoinAsync("a"));
                scene.Add(() => Wait(joiner.JoinAsync("a")));
                for (byte sender = 0; sender < 2; sender++)
                {
                    var me = sender;
                    scene.Add(() => Broadcast(scene.Hub.Room("a"), me));
                }
            });
            schedule.Run();

            // The one who came later saw the last part of what the other saw.
            Interleaver.WaitUntil(() => scene.Received(0).Count == 4);
            var (all, some) = (scene.Received(0), scene.Received(1));
            Assert.Equal(all.TakeLast(some.Count), some);
            scene.EndAll();
            scene.VerifyNothingIsLeft();
        },
        output);

    [Fact]
    public void A_client_that_ends_while_it_connects_is_told_of_after_it_was_told_to_be_there() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = new HubScene(schedule) { ConnectsInSteps = true };
            var transport = new GatedTransport(schedule);
            schedule.Add(() =>
            {
                scene.Add(() =>
                {
                    try
                    {
                        Wait(scene.ConnectAsync(transport));
                    }
                    catch (HubClosedException)
                    {
                        // Somebody closed the hub first.
                    }
                });
                scene.Add(transport.EndInput);
                scene.Add(scene.WaitForDepartures);
                if (schedule.Random.Next(2) == 0)
                {
                    scene.Add(() => Wait(scene.Hub.BroadcastTextAsync("hello")));
                }

                if (schedule.Random.Next(2) == 0)
                {
                    scene.Add(() => Wait(scene.Hub.CloseAsync()));
                }
            });
            schedule.Run();
            scene.VerifyNothingIsLeft();
        },
        output);

    private static void Join(HubClient client, string room, HashSet<string> joined)
    {
        if (Wait(client.JoinAsync(room)) == JoinResult.Joined)
        {
            joined.Add(room);
        }
    }

    private static void JoinAndLeave(HubClient client, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var room = _rooms[random.Next(2)];
            if (random.Next(3) > 0)
            {
                Wait(client.JoinAsync(room));
            }
            else
            {
                Wait(client.LeaveAsync(room));
            }
        }
    }

    private static void Broadcast(HubRoom room, byte sender)
    {
        for (byte number = 0; number < 2; number++)
        {
            var result = Wait(room.BroadcastBinaryAsync(new[] { sender, number }));
            Assert.Equal((result.Targeted, 0, 0), (result.Queued, result.Dropped, result.Closed));
        }
    }

    private static T Wait<T>(ValueTask<T> task) => ConnectionScene.Wait(task.AsTask());

    private static T Wait<T>(Task<T> task) => ConnectionScene.Wait(task);

    private static void Wait(Task task)
    {
        Interleaver.WaitUntil(() => task.IsCompleted);
        task.GetAwaiter().GetResult();
    }
}
