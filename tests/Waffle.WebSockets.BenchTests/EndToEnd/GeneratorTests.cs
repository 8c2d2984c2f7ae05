using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Bench.Load.Workloads;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BenchTests.EndToEnd;

public sealed class GeneratorTests
{
    // Two are under way, so that a loss shows with the next message and not only when nothing comes any more.
    private static readonly Workload _fanOut = new()
    {
        Name = "fan-out",
        Title = "n=10",
        Group = Groups.FanOut,
        Kind = LoadKind.FanOut,
        Connections = 10,
        Window = 2,
    };

    [Fact]
    public async Task Our_server_delivers_everything_once_and_in_order()
    {
        await using var server = await TestedServer.StartHonestAsync();
        var report = await server.MeasureAsync(_fanOut, seconds: 1);

        Assert.Null(report.Failure);
        Assert.Equal(10, report.Connections);
        Assert.True(report.Interval!.Count > 0);
        Assert.True(report.Interval.ServerSeconds > 0);
        Assert.True(report.Interval.P50Microseconds <= report.Interval.P99Microseconds);
    }

    [Theory]
    [InlineData(Lie.Lose, "lost or overtaken")]
    [InlineData(Lie.Repeat, "twice or late")]
    [InlineData(Lie.Change, "nobody had sent")]
    [InlineData(Lie.Chatter, "nobody asked for: hello")]
    public async Task A_server_that_lies_is_refused(Lie lie, string reason)
    {
        await using var server = await TestedServer.StartRoomAsync(new LyingRoom(lie));
        var report = await server.MeasureAsync(_fanOut, seconds: 60);

        Assert.Contains(reason, report.Failure, StringComparison.Ordinal);
        Assert.Null(report.Interval);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(10, 3)]
    public async Task Two_servers_that_are_one_are_measured_one_by_one(int onFirst, int strangers)
    {
        await using var servers = await TestedServer.StartTwoAsync();
        var report = await servers.MeasureAsync(_fanOut with { OnFirstServer = onFirst, Strangers = strangers }, seconds: 0.5);

        Assert.Null(report.Failure);
        Assert.Equal(10 + strangers, report.Connections);
        Assert.InRange(report.Interval!.SecondServerSeconds!.Value, double.Epsilon, report.Interval.ServerSeconds - double.Epsilon);
        Assert.True(report.Interval.EngineSeconds > 0);
    }

    [Fact]
    public async Task Who_gets_a_message_of_a_room_that_he_is_not_in_is_refused()
    {
        // The room lies about none of its first deliveries, but it is the same one for all names.
        await using var server = await TestedServer.StartRoomAsync(new LyingRoom(Lie.Lose));
        var report = await server.MeasureAsync(_fanOut with { Strangers = 1 }, seconds: 60);

        Assert.Contains("a room that it is not in", report.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OtherWorkloads))]
    public async Task Every_kind_of_load_has_figures(string name)
    {
        await using var server = await TestedServer.StartHonestAsync();
        var report = await server.MeasureAsync(_others[name], seconds: 0.1);

        Assert.Null(report.Failure);
        Assert.True(report.Interval?.Count > 0 || report.Memory.Count == 2);
    }

    [Fact]
    public async Task A_reader_that_stalls_may_be_ended_and_the_others_get_everything()
    {
        // Room for more than is under way to those who read, and for a small part of what the others miss.
        await using var server = await TestedServer.StartHonestAsync(builder =>
        {
            builder.UseSmallSendBuffers();
            builder.Services.Configure<WebSocketEndpointOptions>(options => options.SendQueueMaxBytes = 64 * 1024);
        });
        var report = await server.MeasureAsync(_fanOut with { StalledPart = 0.2, PayloadLength = 16 * 1024 }, seconds: 1);

        Assert.Null(report.Failure);
        Assert.Equal(2, report.StalledEnded);
    }

    public static TheoryData<string> OtherWorkloads => [.. _others.Keys];

    private static readonly Dictionary<string, Workload> _others = new()
    {
        ["rooms"] = _fanOut with { Rooms = 5, Window = 3 },
        ["stalled"] = _fanOut with { StalledPart = 0.2 },
        ["deflate"] = _fanOut with { Deflate = true, LikeJson = true, PayloadLength = 1024 },
        ["echo"] = _fanOut with { Kind = LoadKind.Echo, Depth = 3, PayloadLength = 16 * 1024 },
        ["connect"] = _fanOut with { Kind = LoadKind.Connect },
        ["memory"] = _fanOut with { Kind = LoadKind.Memory, Steps = [10], BroadcastAtEnd = true },
    };
}
