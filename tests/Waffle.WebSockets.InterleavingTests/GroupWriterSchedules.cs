using System.Buffers;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.InterleavingTests.Scenes;
using Waffle.WebSockets.InterleavingTests.Schedules;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.InterleavingTests;

/// <summary>Broadcasters, the thread pool and the end of a member against each other, as the members of a group are written to.</summary>
public sealed class GroupWriterSchedules(ITestOutputHelper output)
{
    private const int Schedules = 5_000;
    private const int Clients = 5;
    private const int Broadcasts = 3;

    [Fact]
    public void Each_member_is_written_to_once_at_a_time_and_gets_every_message_in_order() => Many.Schedules(
        Schedules,
        schedule =>
        {
            var scene = new HubScene(schedule);
            var writer = new GroupWriter(mostAtOnce: schedule.Random.Next(3), pieceLength: 1 + schedule.Random.Next(3));
            var order = new Lock();
            var endsOne = schedule.Random.Next(2) == 0;
            schedule.Add(() =>
            {
                var connections = Enumerable.Range(0, Clients).Select(_ => scene.Connect().Connection).ToArray();
                for (byte sender = 0; sender < 2; sender++)
                {
                    var me = sender;
                    scene.Add(() =>
                    {
                        for (byte number = 0; number < Broadcasts; number++)
                        {
                            Broadcast(connections, writer, order, [me, number]);
                        }
                    });
                }

                if (endsOne)
                {
                    scene.Add(connections[0].Abort);
                }
            });
            schedule.Run();
            var first = endsOne ? 1 : 0;
            Interleaver.WaitUntil(() => Enumerable.Range(first, Clients - first).All(client => scene.Received(client).Count == 2 * Broadcasts));

            // All in one order, and each sender's in his own.
            var received = scene.Received(first);
            Assert.All(Enumerable.Range(first, Clients - first), client => Assert.Equal(received, scene.Received(client)));
            Assert.All(received.GroupBy(static message => message[..2]), static messages => Assert.Equal(messages.Order(), messages));
            scene.EndAll();
            scene.VerifyNothingIsLeft();
        },
        output);

    // As a hub does: linked under a lock, written under none.
    private static void Broadcast(WebSocketConnection[] connections, GroupWriter writer, Lock order, byte[] payload)
    {
        var frame = OutboundFrame.Rent(Opcode.Binary, payload);
        var idle = new MemberBatch(ArrayPool<WebSocketConnection>.Shared);
        idle.Reserve(connections.Length);
        lock (order)
        {
            foreach (var connection in connections)
            {
                if (connection.Queue.Enqueue(frame, QueueFullPolicy.DropNewest, key: null, isFinished: true) == EnqueueOutcome.QueuedAndIdle)
                {
                    idle.Add(connection);
                }
            }
        }

        // So dear that the second one ahead is too far ahead.
        writer.Write(idle, cost: ConnectionWriter.MaxFlushLength / 2);
        frame.Release();
    }
}
