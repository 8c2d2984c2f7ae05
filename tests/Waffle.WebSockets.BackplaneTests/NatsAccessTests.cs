using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What the driver's options say: who connects, and how; and what NATS allows him.</summary>
public sealed class NatsAccessTests : IDisposable
{
    private readonly EngineFiles _files = new();
    private readonly RecordedLogs _logs = new();

    public void Dispose()
    {
        _files.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task A_user_with_a_password_connects_through_TLS()
    {
        await using var process = await EngineProcess.StartNatsAsync(
            "--user", "waffle", "--pass", "secret", "--tls", "--tlscert", _files.Certificate, "--tlskey", _files.PrivateKey);
        var options = NatsOpts.Default with
        {
            Url = $"tls://waffle:secret@localhost:{process.Port}",
            TlsOpts = new NatsTlsOpts { CaFile = _files.Certificate, Mode = TlsMode.Require },
        };
        await using var cluster = await Cluster.StartAsync(_ => Engines.FromRegistration(builder => builder.AddNatsBackplane(options)), servers: 2);
        var member = await cluster.ConnectAsync(1, null, "tea");
        await AssertReachesAsync(cluster, member);
    }

    // The two rooms' channels differ in the case of one letter.
    [Fact]
    public async Task A_room_that_the_user_may_not_subscribe_to_stops_nothing_else_and_is_not_asked_for_again_and_again()
    {
        var configuration = $$"""authorization { users = [ { user: waffle, password: secret, permissions: { subscribe: { deny: ["{{Channel("aaa")}}"] } } } ] }""";
        await using var process = await EngineProcess.StartNatsAsync("-c", _files.Write("nats.conf", configuration));
        LyingBackplane? counted = null;
        await using var cluster = await Cluster.StartAsync(
            server => server == 0 ? Connect(process) : counted = new LyingBackplane(Connect(process)), servers: 2, static options => options.HeartbeatInterval = TimeSpan.FromSeconds(1));
        var member = await cluster.ConnectAsync(1, null, "aaa", "aaG", "tea");
        var asked = counted!.RoomsAskedFor;
        await Wait.Eventually(() => counted.RoomsAskedFor >= asked + 2, "it is tried again");
        Assert.Single(_logs.Lines, static line => line.Text.Contains("Permissions Violation", StringComparison.Ordinal));
        Assert.Equal(EngineState.There, cluster.Hubs[1].Bridge!.Link.State);
        foreach (var room in new[] { "aaG", "tea" })
        {
            await AssertReachesAsync(cluster, member, room);
        }

        // Who leaves it leaves nothing behind; and on a new connection it may be permitted.
        await member.Client.LeaveAsync("aaa");
        await Wait.Eventually(() => cluster.RoomsSubscribedTo(1).Count == 2);
        await member.Client.JoinAsync("aaa");
        await process.KillAsync();
        _files.Write("nats.conf", "authorization { user: waffle, password: secret }");
        await process.StartAsync();
        await Wait.Eventually(() => cluster.Gaps[1].Any(static gap => gap.Rooms.Contains("aaa")), "it is told");
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Bridge!.Link.State == EngineState.There));
        await AssertReachesAsync(cluster, member, "aaa");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_refuses_the_password_for_a_time_is_not_given_up(bool isConnectedBefore)
    {
        var file = SetPassword(isConnectedBefore ? "secret" : "changed");
        await using var process = await EngineProcess.StartNatsAsync("-c", file);
        await using var cluster = await Cluster.StartAsync(
            _ => Connect(process), servers: 2, static options => options.HeartbeatInterval = TimeSpan.FromSeconds(1), waits: isConnectedBefore);
        SetPassword("changed");
        await process.ReloadAsync();

        // More often than the driver bears it by itself.
        await Wait.Eventually(() => _logs.Lines.Count(static line => line.Text.Contains("Authorization Violation", StringComparison.Ordinal)) >= 10);
        Assert.All(cluster.Hubs, static hub => Assert.NotEqual(EngineState.There, hub.Bridge!.Link.State));
        SetPassword("secret");
        await process.ReloadAsync();
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Bridge!.Link.State == EngineState.There));
        var member = await cluster.ConnectAsync(1, null, "tea");
        await AssertReachesAsync(cluster, member);
    }

    private static string Channel(string room) => new ChannelScope(ScopeKind.Room, room).ToChannel("waffle");

    private static async Task AssertReachesAsync(Cluster cluster, Cluster.Member member, string room = "tea")
    {
        await cluster.Hubs[0].Room(room).BroadcastTextAsync(room);
        Assert.Equal(room, await member.NextTextAsync());
    }

    private string SetPassword(string password) => _files.Write("nats.conf", $$"""authorization { user: waffle, password: {{password}} }""");

    private IBackplane Connect(EngineProcess process)
    {
        var options = NatsOpts.Default with
        {
            Url = $"nats://waffle:secret@127.0.0.1:{process.Port}",
            ReconnectWaitMin = TimeSpan.FromMilliseconds(20),
            ReconnectWaitMax = TimeSpan.FromMilliseconds(50),
            ReconnectJitter = TimeSpan.FromMilliseconds(10),
        };
        return Engines.FromRegistration(builder => builder.AddNatsBackplane(options), _logs);
    }
}
