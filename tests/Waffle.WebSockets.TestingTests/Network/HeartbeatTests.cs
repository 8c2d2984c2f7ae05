using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Network;

/// <summary>The server's heartbeat with the clock in the test's hand.</summary>
public sealed class HeartbeatTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<CloseInfo> _departed = [];
    private readonly WebSocketHub _hub;

    public HeartbeatTests() => _hub = new WebSocketHub(
        new WebSocketHubOptions
        {
            OnDisconnected = (_, disconnect) =>
            {
                _departed.Add(disconnect.Close);
                return Task.CompletedTask;
            },
        },
        time: _time);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_client_that_vanished_is_gone_from_the_hub_after_41_seconds_and_not_before()
    {
        await using var client = await _hub.ConnectTestClientAsync();
        client.Network.Cut();
        Assert.Equal(CloseCause.Aborted, (await client.Completion.Soon()).Cause);

        _time.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(1, _hub.Count);
        _time.Advance(TimeSpan.FromSeconds(2));
        await client.WaitUntilLeftAsync();

        Assert.Equal(0, _hub.Count);
        Assert.Equal(CloseCause.PongTimeout, Assert.Single(_departed).Cause);
    }

    [Fact]
    public async Task A_client_that_answers_pings_stays()
    {
        await using var client = await _hub.ConnectTestClientAsync();

        // By less than a pong may take: within one step of the clock nobody can answer.
        for (var i = 0; i < 40; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            await client.SettleAsync();
        }

        Assert.Equal(1, _hub.Count);
    }

    [Fact]
    public async Task A_client_that_answers_no_pings_is_closed_with_1011()
    {
        await using var client = await _hub.ConnectTestClientAsync();
        client.AnswersPings = false;

        _time.Advance(TimeSpan.FromSeconds(41));

        Assert.Equal(CloseCode.InternalError, (await client.Completion.Soon()).Code);
        await client.WaitUntilLeftAsync();
        Assert.Equal(CloseCause.PongTimeout, Assert.Single(_departed).Cause);
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_closed_by_the_read_timeout()
    {
        await using var client = await _hub.ConnectTestClientAsync(
            options => options.ConfigureEndpoint = endpoint => endpoint.ReadTimeout = TimeSpan.FromMinutes(5));

        for (var i = 0; i < 40 && !client.Completion.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            await client.SettleAsync().ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        Assert.Equal((CloseCode.PolicyViolation, "No message came in time."), ((await client.Completion).Code, (await client.Completion).Reason));
    }
}
