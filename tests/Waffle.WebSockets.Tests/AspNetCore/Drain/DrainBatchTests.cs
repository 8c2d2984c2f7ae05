using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore.Drain;

/// <summary>A drain closes in batches, and in time.</summary>
public sealed class DrainBatchTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionRegistry _registry = new();
    private readonly List<(WebSocketConnection Server, RawPeer Client)> _pairs = [];

    [Fact]
    public async Task A_batch_at_a_time_each_after_half_an_interval_at_least()
    {
        Connect(5);
        var running = Run(new WebSocketDrainOptions { BatchSize = 2, BatchInterval = TimeSpan.FromSeconds(1) }).RunAsync();
        await ExpectClosingAsync(2);
        Assert.InRange(await TimeUntilAsync(4), 0.5, 60);
        Assert.InRange(await TimeUntilAsync(5), 0.5, 60);

        await AnswerAsync(_pairs);
        var report = await running.Soon();
        Assert.Equal((5, 5, 0), (report.Connections, report.Closed, report.Cut));
    }

    [Fact]
    public async Task In_the_ReadinessDelay_nobody_is_closed_and_nobody_refused()
    {
        Connect(1);
        var drain = Run(new WebSocketDrainOptions { ReadinessDelay = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromHours(2) });
        var running = drain.RunAsync();
        Assert.False(drain.IsClosing);
        Assert.InRange(await TimeUntilAsync(1), 10, 600);
        Assert.True(drain.IsClosing);
        await AnswerAsync(_pairs);
        Assert.Equal(1, (await running.Soon()).Closed);
    }

    [Fact]
    public async Task Who_was_to_be_closed_for_its_age_is_told_the_drains_reason()
    {
        Connect(1);
        var (server, client) = _pairs[0];
        await client.SendTextAsync("work");
        await server.ReadAsync();
        server.LimitAge(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromSeconds(2));
        await Wait.Eventually(() => server.IsClosePending);
        Run(new WebSocketDrainOptions()).Close(server);
        var read = server.ReadAsync();
        var close = await client.ReadFrameAsync();
        Assert.Equal((CloseCode.ServiceRestart, false), (close!.CloseCode!.Value, server.IsAtWork));
        await client.SendCloseAsync(1012);
        Assert.Equal(CloseCause.Shutdown, (await server.Completion.Soon()).Cause);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => read.AsTask());
    }

    [Fact]
    public async Task Without_an_interval_all_batches_go_at_once()
    {
        Connect(5);
        var running = Run(new WebSocketDrainOptions { BatchSize = 2, BatchInterval = TimeSpan.Zero }).RunAsync();
        await ExpectClosingAsync(5);
        await AnswerAsync(_pairs);
        Assert.Equal(5, (await running.Soon()).Closed);
    }

    [Fact]
    public async Task Clients_are_told_to_come_back_at_different_times()
    {
        Connect(40);
        var running = Run(new WebSocketDrainOptions { ReconnectWindow = TimeSpan.FromMinutes(10) }).RunAsync();
        var reasons = new HashSet<string>();
        foreach (var (_, client) in _pairs)
        {
            reasons.Add((await client.ReadFrameAsync())!.CloseReason);
        }

        Assert.True(reasons.Count > 10, $"{reasons.Count} reasons");
        foreach (var (_, client) in _pairs)
        {
            await client.SendCloseAsync(1012);
        }

        await running.Soon();
    }

    [Fact]
    public async Task When_the_time_is_over_all_that_is_left_is_cut_also_those_whose_turn_had_not_come()
    {
        Connect(3);
        var running = Run(new WebSocketDrainOptions { BatchSize = 2, BatchInterval = TimeSpan.FromHours(1), Timeout = TimeSpan.FromMinutes(1) }).RunAsync();
        await ExpectClosingAsync(2);
        _time.Advance(TimeSpan.FromMinutes(1));
        var report = await running.Soon();
        Assert.Equal((3, 0, 3), (report.Connections, report.Closed, report.Cut));
        Assert.All(_pairs, pair => Assert.Equal(CloseCause.Shutdown, pair.Server.Completion.Result.Cause));
    }

    [Fact]
    public async Task Who_slips_in_is_closed_at_once()
    {
        Connect(1);
        var drain = Run(new WebSocketDrainOptions());
        var running = drain.RunAsync();
        await ExpectClosingAsync(1);
        Connect(1);
        drain.Close(_pairs[1].Server);
        await ExpectClosingAsync(2);
        await AnswerAsync(_pairs);
        Assert.Equal(2, (await running.Soon()).Closed);
    }

    [Fact]
    public async Task Nobody_to_close_ends_at_once()
    {
        var report = await Run(new WebSocketDrainOptions()).RunAsync().Soon();
        Assert.Equal(
            new WebSocketDrainReport { Connections = 0, Closed = 0, Cut = 0, Finished = 0, LeftBehind = 0, Elapsed = TimeSpan.Zero }, report);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (server, client) in _pairs)
        {
            server.Abort();
            await client.DisposeAsync();
            await server.DisposeAsync();
        }
    }

    private int Closing => _pairs.Count(static pair => pair.Server.IsClosed);

    private DrainRun Run(WebSocketDrainOptions options) => new(_registry, options, TimeSpan.FromSeconds(1), _time, NullLogger.Instance);

    private void Connect(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (server, client) = DuplexPipe.CreatePair(64 * 1024);
            var options = new WebSocketConnectionOptions { CloseTimeout = TimeSpan.FromHours(1), PingInterval = TimeSpan.Zero };
            var connection = new WebSocketConnection(new PipeTransport(server), options, _time, registry: _registry);
            connection.Start();

            // As an endpoint does.
            _ = connection.Completion.ContinueWith(_ => connection.Release(), TaskScheduler.Default);
            _pairs.Add((connection, new RawPeer(client)));
        }
    }

    private Task ExpectClosingAsync(int count) => Wait.Eventually(() => Closing == count, $"{count} connections are closing");

    // The pause may begin a little after its batch was closed, so only its least is known.
    private async Task<double> TimeUntilAsync(int closing)
    {
        var began = _time.GetTimestamp();
        await Wait.Eventually(
            () =>
            {
                if (Closing < closing)
                {
                    _time.Advance(TimeSpan.FromSeconds(0.1));
                }

                return Closing >= closing;
            },
            $"{closing} connections are closing");
        Assert.Equal(closing, Closing);
        return _time.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task AnswerAsync(IEnumerable<(WebSocketConnection Server, RawPeer Client)> pairs)
    {
        foreach (var (_, client) in pairs)
        {
            Assert.Equal(CloseCode.ServiceRestart, (await client.ReadFrameAsync())!.CloseCode);
            await client.SendCloseAsync(1012);
        }
    }
}
