using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Clients join and leave thousands of rooms at once; a class for each real engine inherits the test.</summary>
public abstract class StormContract
{
    private const int Rooms = 10_000;
    private const int Clients = 8;
    private const int AtOnce = 50;

    // What repeated storms may leave: far less than a hundred bytes a room.
    private const long MemoryBound = 2 * 1024 * 1024;

    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task After_storms_of_joins_and_leaves_everything_is_as_before()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(
            _ => engine.Connect(),
            servers: 2,
            static options => options.JoinTimeout = RawPeer.Patience,
            static options => options.MaxRoomsPerClient = 0);
        var members = new List<Cluster.Member>();
        for (var i = 0; i < Clients; i++)
        {
            members.Add(await cluster.ConnectAsync(i / 2 % 2));
        }

        var before = await Holdings.TakeAsync(engine, cluster);
        await StormAsync();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        await StormAsync();
        await StormAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, memory + MemoryBound);

        async Task StormAsync()
        {
            await Task.WhenAll(members.Select(JoinAndLeaveAsync));
            await before.UntilAgainAsync(engine, cluster);
        }
    }

    // Each room is joined by two clients of a server, by one not long after the other.
    private static async Task JoinAndLeaveAsync(Cluster.Member member, int client)
    {
        const int OfEach = 2 * Rooms / Clients;
        for (var first = 0; first < OfEach; first += AtOnce)
        {
            string[] rooms = [.. Enumerable.Range(first, AtOnce).Select(i => $"room {((client / 2 * OfEach) + i + (client % 2 * AtOnce / 2)) % Rooms}")];
            Assert.All(await Task.WhenAll(rooms.Select(room => member.Client.JoinAsync(room).AsTask())), static joined => Assert.Equal(JoinResult.Joined, joined));
            foreach (var room in rooms)
            {
                Assert.True(await member.Client.LeaveAsync(room));
            }
        }
    }
}
