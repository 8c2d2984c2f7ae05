using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>A connection that has reached its age is closed when its messages are handled.</summary>
public sealed class ConnectionAgeTests
{
    private static readonly TimeSpan _age = TimeSpan.FromHours(1);
    private static readonly TimeSpan _handlerTimeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_idle_one_is_closed_with_1012_and_the_cause_MaxAge()
    {
        await using var pair = Create();
        pair.Server.LimitAge(_age, _handlerTimeout);
        pair.Advance(_age - TimeSpan.FromSeconds(1));
        Assert.False(pair.Server.IsClosed);
        pair.Advance(TimeSpan.FromSeconds(2));
        var close = await pair.Client.ReadFrameAsync();
        Assert.Equal((CloseCode.ServiceRestart, "The connection is old. Come back now."), (close!.CloseCode!.Value, close.CloseReason));
        await pair.Client.SendCloseAsync(1012);
        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCause.MaxAge, true), (end.Cause, end.IsNormal));
    }

    [Fact]
    public async Task What_has_come_is_handled_first_and_what_is_said_to_it_goes_out_before_the_Close()
    {
        await using var pair = Create();
        pair.Server.LimitAge(_age, _handlerTimeout);
        await pair.Client.SendTextAsync("one");
        await pair.Client.SendTextAsync("two");
        Assert.Equal("one", (await pair.Server.ReadAsync()).GetText());
        pair.Advance(_age + TimeSpan.FromSeconds(1));
        Assert.False(pair.Server.IsClosed);
        Assert.Equal("two", (await pair.Server.ReadAsync()).GetText());
        await pair.Server.WriteTextAsync("answer");
        Assert.False(pair.Server.IsClosed);

        var read = pair.Server.ReadAsync();
        Assert.Equal("answer", (await pair.Client.ReadFrameAsync())!.Text);
        Assert.Equal(CloseCode.ServiceRestart, (await pair.Client.ReadFrameAsync())!.CloseCode);
        await pair.Client.SendCloseAsync(1012);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => read.AsTask()).Soon();
    }

    [Fact]
    public async Task What_comes_after_that_is_not_waited_for()
    {
        await using var pair = Create();
        pair.Server.LimitAge(_age, _handlerTimeout);
        await pair.Client.SendTextAsync("one");
        await pair.Server.ReadAsync();
        pair.Advance(_age + TimeSpan.FromSeconds(1));
        await pair.Client.SendTextAsync("late");
        await pair.Client.SendPingAsync();
        Assert.Equal(RawFrame.PongOpcode, (await pair.Client.ReadFrameAsync())!.Opcode);
        var read = pair.Server.ReadAsync();
        Assert.Equal(CloseCode.ServiceRestart, (await pair.Client.ReadFrameAsync())!.CloseCode);
        await pair.Client.SendCloseAsync(1012);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => read.AsTask()).Soon();
    }

    [Fact]
    public async Task Messages_that_are_handled_beside_each_other_are_all_waited_for()
    {
        await using var pair = Create();
        pair.Server.LimitAge(_age, _handlerTimeout);
        await pair.Client.SendTextAsync("one");
        await pair.Client.SendTextAsync("two");
        for (var i = 0; i < 2; i++)
        {
            await pair.Server.ReadAsync();
            pair.Server.BeginBeside();
        }

        var read = pair.Server.ReadAsync();
        pair.Advance(_age + TimeSpan.FromSeconds(1));
        pair.Server.EndBeside();
        Assert.False(pair.Server.IsClosed);
        pair.Server.EndBeside();
        Assert.True(pair.Server.IsClosed);
        Assert.Equal(CloseCode.ServiceRestart, (await pair.Client.ReadFrameAsync())!.CloseCode);
        await pair.Client.SendCloseAsync(1012);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => read.AsTask()).Soon();
    }

    [Fact]
    public async Task Handlers_that_take_too_long_are_not_waited_for()
    {
        await using var pair = Create();
        pair.Server.LimitAge(_age, _handlerTimeout);
        await pair.Client.SendTextAsync("one");
        await pair.Server.ReadAsync();
        pair.Advance(_age + TimeSpan.FromSeconds(1));
        pair.Advance(_handlerTimeout - TimeSpan.FromSeconds(2));
        Assert.False(pair.Server.IsClosed);
        pair.Advance(TimeSpan.FromSeconds(3));
        Assert.True(pair.Server.IsClosed);
        Assert.Equal(CloseCode.ServiceRestart, (await pair.Client.ReadFrameAsync())!.CloseCode);
    }

    [Fact]
    public async Task A_handler_that_ends_closes_as_the_age_wants()
    {
        await using var pair = Create();
        pair.Server.LimitAge(_age, _handlerTimeout);
        await pair.Client.SendTextAsync("one");
        await pair.Server.ReadAsync();
        pair.Advance(_age + TimeSpan.FromSeconds(1));
        var end = pair.Server.DisposeAsync();
        Assert.Equal(CloseCode.ServiceRestart, (await pair.Client.ReadFrameAsync())!.CloseCode);
        await pair.Client.SendCloseAsync(1012);
        await end.AsTask().Soon();
    }

    private static ConnectionPair Create() => ConnectionPair.Create(options => options.PingInterval = TimeSpan.Zero);
}
