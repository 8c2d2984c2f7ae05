using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>The clock on the wall is set forward or back; how much time has passed is something else.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_jump_by_a_day_moves_no_deadline(int days)
    {
        var time = new WallClock();
        await using var alive = ConnectionPair.Create(time: time);
        await using var silent = ConnectionPair.Create(time: time);
        var ping = alive.Server.PingAsync();
        var asked = await alive.Client.NextAsync();
        time.Jump += TimeSpan.FromDays(days);
        await alive.Client.SendPongAsync(asked.Payload);
        Assert.Equal(TimeSpan.Zero, await ping.Soon());

        time.Advance(30 * _second);
        time.Jump += TimeSpan.FromDays(days);
        await alive.Client.SendPongAsync((await alive.Client.NextAsync()).Payload);
        await alive.Client.SyncAsync();
        time.Advance((10 * _second) - ConnectionTestExtensions.Tick);
        Assert.Equal((false, false), (alive.Server.IsClosed, silent.Server.IsClosed));

        time.Jump += TimeSpan.FromDays(days);
        time.Advance(ConnectionTestExtensions.Tick);
        Assert.Equal((false, true), (alive.Server.IsClosed, silent.Server.IsClosed));
    }

    private sealed class WallClock : FakeTimeProvider
    {
        /// <summary>How far the clock has been set, beside the time that has passed.</summary>
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
