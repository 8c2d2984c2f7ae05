using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What the driver's configuration says: who connects, how, and where to; and what Redis allows him.</summary>
public sealed class RedisAccessTests
{
    [Fact]
    public async Task A_user_with_a_password_connects_through_TLS()
    {
        using var files = new EngineFiles();
        var port = FreePort.Find();
        await using var process = await EngineProcess.StartRedisAsync(
            "--tls-port", $"{port}", "--tls-cert-file", files.Certificate, "--tls-key-file", files.PrivateKey, "--tls-auth-clients", "no",
            "--user", "default", "off", "--user", "waffle", "on", ">secret", "~*", "&*", "+@all");
        await AssertReachesAsync($"localhost:{port},ssl=true,user=waffle,password=secret", files.Certificate);
    }

    [Fact]
    public async Task A_replica_that_goes_and_comes_is_no_outage()
    {
        using var files = new EngineFiles();
        await using var primary = await EngineProcess.StartRedisAsync("--dir", files.Folder);
        await using var replica = await EngineProcess.StartRedisAsync("--dir", files.Folder, "--replicaof", "127.0.0.1", $"{primary.Port}");
        await using var cluster = await StartAsync($"127.0.0.1:{primary.Port},127.0.0.1:{replica.Port}");
        var member = await cluster.ConnectAsync(1, null, "tea");

        await replica.KillAsync();
        await AssertAcceptedAsync(cluster, member);

        // That they have come back shows that they knew that it was gone.
        await replica.StartAsync();
        await using var console = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{replica.Port},allowAdmin=true");
        await Wait.Eventually(async () => (await ClientsAsync(console)) >= 4 + 2, "two connections of each server, and of this console, are there");
        await AssertAcceptedAsync(cluster, member);
        Assert.All(cluster.Gaps, Assert.Empty);
    }

    [Fact]
    public async Task A_room_that_the_user_may_not_subscribe_to_stops_nothing_else()
    {
        await using var process = await EngineProcess.StartRedisAsync(
            "--user", "waffle", "on", ">secret", "~*", "resetchannels", "&waffle.a", "&waffle.c", "&waffle.u.*", "&waffle.s.*", Channel("tea"), "+@all");
        await using var cluster = await StartAsync($"127.0.0.1:{process.Port},user=waffle,password=secret");
        var member = await cluster.ConnectAsync(1, null, "forbidden", "tea");
        Assert.Equal(EngineState.There, cluster.Hubs[1].Bridge!.Link.State);
        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("heard");
        Assert.Equal("heard", await member.NextTextAsync());
        Assert.All(cluster.Gaps, Assert.Empty);

        // Who leaves it leaves nothing behind.
        await member.Client.LeaveAsync("forbidden");
        await Wait.Eventually(() => cluster.RoomsSubscribedTo(1) is ["tea"]);

        Assert.Equal(JoinResult.Joined, await member.Client.JoinAsync("forbidden").AsTask().Soon());
        await using var console = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{process.Port},allowAdmin=true");
        await console.GetServers()[0].ExecuteAsync("ACL", "SETUSER", "waffle", Channel("forbidden"));
        await Wait.Eventually(() => cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.LateSubscription, Rooms: ["forbidden"] }), "it is told when it is allowed");
        await cluster.Hubs[0].Room("forbidden").BroadcastTextAsync("allowed");
        Assert.Equal("allowed", await member.NextTextAsync());
    }

    private static string Channel(string room) => "&" + new ChannelScope(ScopeKind.Room, room).ToChannel("waffle");

    private static async Task<int> ClientsAsync(ConnectionMultiplexer console) =>
        ((string)(await console.GetServers()[0].ExecuteAsync("CLIENT", "LIST", "TYPE", "normal"))!).Count('\n')
        + ((string)(await console.GetServers()[0].ExecuteAsync("CLIENT", "LIST", "TYPE", "pubsub"))!).Count('\n');

    private static async Task AssertAcceptedAsync(Cluster cluster, Cluster.Member member)
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(PublishStatus.Accepted, (await cluster.Hubs[0].Room("tea").BroadcastTextAsync($"{i}")).Published);
            Assert.Equal($"{i}", await member.NextTextAsync());
        }
    }

    private static Task<Cluster> StartAsync(string configuration, string? issuer = null)
    {
        var options = ConfigurationOptions.Parse(configuration);
        if (issuer is not null)
        {
            options.TrustIssuer(issuer);
        }

        return Cluster.StartAsync(_ => Engines.FromRegistration(builder => builder.AddRedisBackplane(options)), servers: 2);
    }

    private static async Task AssertReachesAsync(string configuration, string issuer)
    {
        await using var cluster = await StartAsync(configuration, issuer);
        var member = await cluster.ConnectAsync(1, null, "tea");
        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("heard");
        Assert.Equal("heard", await member.NextTextAsync());
    }
}
