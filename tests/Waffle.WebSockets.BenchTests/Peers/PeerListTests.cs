using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.BenchTests.Peers;

public sealed class PeerListTests
{
    [Fact]
    public void Names_are_lower_case_letters_digits_and_hyphens_and_each_is_there_once()
    {
        string[] names = [.. PeerList.All.Select(peer => peer.Name)];

        Assert.All(names, name => Assert.Matches("^[a-z0-9-]+$", name));
        Assert.Distinct(names);
    }

    [Fact]
    public void The_floor_comes_first_because_ratios_are_to_it()
    {
        Assert.Same(PeerList.Floor, PeerList.All[0]);
    }

    [Fact]
    public async Task A_peer_that_cannot_be_had_says_why()
    {
        Assert.Equal("not in the package registry", await PeerList.Get("fleck").BuildAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("waffle-redis", "redis")]
    [InlineData("waffle-nats", "nats")]
    [InlineData("signalr-json-redis", "redis")]
    [InlineData("signalr-messagepack-redis", "redis")]
    public void A_peer_of_two_servers_is_another_one_behind_an_engine(string name, string engine)
    {
        var peer = Assert.IsType<ClusterPeer>(PeerList.Get(name));

        Assert.Equal((2, 1), (peer.Servers, peer.Alone.Servers));
        Assert.Equal(engine, peer.Engine!.Name);
        Assert.Equal($"{peer.Alone.Name}-{engine}", name);
        Assert.Equal(peer.Alone.StartCommand(80).Arguments, peer.StartCommand(80).Arguments.Take(peer.Alone.StartCommand(80).Arguments.Count));
        Assert.Equal([$"--{engine}", "127.0.0.1:70"], peer.Engine.ArgumentsOfServers(70));
    }

    [Theory]
    [InlineData("signalr-json")]
    [InlineData("signalr-messagepack")]
    public void SignalR_takes_no_part_where_messages_are_compressed(string name)
    {
        Assert.NotNull(PeerList.Get(name).WhyNot(Conversation.InRoom("lobby", 100, deflate: true)));
        Assert.Null(PeerList.Get(name).WhyNot(Conversation.InRoom("lobby", 100)));
    }

    [Fact]
    public void Socket_IO_has_its_room_in_the_query_and_its_compression_in_the_path()
    {
        var peer = PeerList.Get("socket-io");
        const string Endpoint = "/socket.io/?EIO=4&transport=websocket";

        Assert.Equal(Endpoint, peer.PathFor(Conversation.Echo(100)));
        Assert.Equal($"{Endpoint}&room=lobby", peer.PathFor(Conversation.InRoom("lobby", 100)));
        Assert.Equal($"/deflate{Endpoint}&room=lobby", peer.PathFor(Conversation.InRoom("lobby", 100, deflate: true)));
    }
}
