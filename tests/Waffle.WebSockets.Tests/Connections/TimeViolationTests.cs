using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>The rules of the protocol's table that only a connection can see broken, because they are about time.</summary>
public class TimeViolationTests
{
    [Fact]
    public async Task A_message_that_takes_longer_than_its_timeout_closes_with_1008()
    {
        await using var pair = ConnectionPair.Create(options => options.PingInterval = TimeSpan.Zero);
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, "a"u8.ToArray(), isFinal: false);

        var frame = pair.Client.ReadFrameAsync();
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => frame.IsCompleted, "the MessageTimeout is over");

        AssertCloses(await frame, ProtocolViolations.MessageTooSlow);
    }

    [Fact]
    public async Task More_control_frames_at_once_than_the_burst_close_with_1008()
    {
        await using var pair = ConnectionPair.Create();
        var pong = RawFrame.Encode(RawFrame.PongOpcode, [], mask: [1, 2, 3, 4]);
        await pair.Client.SendBytesAsync(Enumerable.Repeat(pong, 1001).SelectMany(frame => frame).ToArray());

        AssertCloses(await pair.Client.ReadFrameAsync().Soon(), ProtocolViolations.TooManyControlFrames);
    }

    private static void AssertCloses(RawFrame? frame, ProtocolViolation violation)
    {
        Assert.NotNull(frame);
        Assert.Equal(RawFrame.CloseOpcode, frame.Opcode);
        Assert.Equal(violation.Code, frame.CloseCode);
        Assert.Equal(violation.Text, frame.CloseReason);
    }
}
