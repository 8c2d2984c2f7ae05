using CsCheck;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>A hub behaves as a few dictionaries do, for any sequence of operations.</summary>
public sealed class HubModelTests
{
    private const int Clients = 4;
    private const int MaxRooms = 2;

    private static readonly string[] _rooms = ["a", "b", "c"];

    private static readonly Gen<Operation> _operation = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(Kind.Join)),
            (3, Gen.Const(Kind.Leave)),
            (6, Gen.Const(Kind.Broadcast)),
            (1, Gen.Const(Kind.Delete)),
            (1, Gen.Const(Kind.End))),
        Gen.Int[0, Clients - 1],
        Gen.Int[0, _rooms.Length - 1],
        (kind, client, room) => new Operation(kind, client, _rooms[room]));

    private enum Kind
    {
        Join,
        Leave,
        Broadcast,
        Delete,
        End,
    }

    [Fact]
    public Task Any_sequence_of_operations_gives_what_the_model_gives() =>
        _operation.Array[0, 60].SampleAsync(async operations => await RunAsync(operations), iter: 300);

    private static async Task RunAsync(Operation[] operations)
    {
        await using var scene = new HubScene(new WebSocketHubOptions { MaxRoomsPerClient = MaxRooms });
        var peers = await scene.ConnectAsync(Clients);
        var model = new Model();
        for (var i = 0; i < operations.Length; i++)
        {
            await ApplyAsync(scene.Hub, peers, model, operations[i], $"{i}");
            AssertSame(scene.Hub, peers, model);
        }

        for (var i = 0; i < Clients; i++)
        {
            if (!model.Ended.Contains(i))
            {
                Assert.Equal(model.Received[i], await peers[i].TextsSoFarAsync());
            }
        }
    }

    private static async Task ApplyAsync(WebSocketHub hub, HubPeer[] peers, Model model, Operation operation, string text)
    {
        var (kind, index, room) = operation;
        var client = peers[index].Client;
        switch (kind)
        {
            case Kind.Join:
                Assert.Equal(model.Join(index, room), await client.JoinAsync(room));
                break;
            case Kind.Leave:
                Assert.Equal(model.Members[room].Remove(index), await client.LeaveAsync(room));
                break;
            case Kind.Delete:
                Assert.Equal(model.Members[room].Count > 0, await hub.DeleteRoomAsync(room));
                model.Members[room].Clear();
                break;
            case Kind.End:
                client.Connection.Abort();
                await client.Departure.Soon();
                model.End(index);
                break;
            default:
                var receivers = model.Members[room].Where(member => member != index).ToList();
                var result = await hub.Room(room).BroadcastTextAsync(text, new SendOptions { Except = client });
                Assert.Equal(new BroadcastResult(receivers.Count, 0, 0), result);
                receivers.ForEach(member => model.Received[member].Add(text));
                break;
        }
    }

    private static void AssertSame(WebSocketHub hub, HubPeer[] peers, Model model)
    {
        Assert.Equal(Clients - model.Ended.Count, hub.Count);
        Assert.Equal(_rooms.Where(room => model.Members[room].Count > 0), hub.RoomNames.Order());
        foreach (var room in _rooms)
        {
            Assert.Equal(model.Members[room].Count, hub.Room(room).Count);
            var members = model.Members[room].Select(member => peers[member].Client.Id);
            Assert.Equal(members.Order(), hub.Room(room).Members.Select(client => client.Id).Order());
            Assert.All(peers.Index(), peer => Assert.Equal(model.Members[room].Contains(peer.Index), peer.Item.Client.IsIn(room)));
        }

        Assert.All(
            peers.Index(), peer => Assert.Equal(model.RoomsOf(peer.Index), peer.Item.Client.Rooms.Select(room => room.Name).Order()));
    }

    private sealed record Operation(Kind Kind, int Client, string Room);

    private sealed class Model
    {
        public Dictionary<string, HashSet<int>> Members { get; } = _rooms.ToDictionary(room => room, _ => new HashSet<int>());

        public HashSet<int> Ended { get; } = [];

        public List<string>[] Received { get; } = [.. Enumerable.Range(0, Clients).Select(_ => new List<string>())];

        public IEnumerable<string> RoomsOf(int client) => _rooms.Where(room => Members[room].Contains(client));

        public JoinResult Join(int client, string room)
        {
            if (Ended.Contains(client))
            {
                return JoinResult.Closed;
            }

            if (Members[room].Contains(client))
            {
                return JoinResult.AlreadyMember;
            }

            if (RoomsOf(client).Count() == MaxRooms)
            {
                return JoinResult.LimitReached;
            }

            Members[room].Add(client);
            return JoinResult.Joined;
        }

        public void End(int client)
        {
            Ended.Add(client);
            Array.ForEach(_rooms, room => Members[room].Remove(client));
        }
    }
}
