using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Hubs;

/// <summary>A client into a room and out of it again.</summary>
public class JoinLeave
{
    private readonly WebSocketHub _hub = Members.CreateHub();
    private HubClient? _client;

    /// <summary>How many are in the room: with none the join makes it, and the leave removes it.</summary>
    [Params(0, 1, 10_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _client = await Members.AddAsync(_hub);
        await Members.AddAsync(_hub, Others, "tea");
    }

    [GlobalCleanup]
    public void Cleanup() => _hub.Dispose();

    [Benchmark]
    public bool JoinAndLeave() =>
        _client!.JoinAsync("tea").AtOnce() == JoinResult.Joined && _client.LeaveAsync("tea").AtOnce();

    /// <summary>What a join creates by itself: the object that stands for the membership.</summary>
    [Benchmark]
    public object MembershipAlone() => new Waffle.WebSockets.Hubs.Membership(_client!, null!);
}
