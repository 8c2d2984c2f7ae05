using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 5.5: Close, ping and pong.</summary>
public sealed class ControlFrames
{
    [Theory]
    [InlineData(RawFrame.CloseOpcode)]
    [InlineData(RawFrame.PingOpcode)]
    [InlineData(RawFrame.PongOpcode)]
    public async Task A_fragmented_control_frame_closes_with_1002(byte opcode)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(opcode, isFinal: false);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task A_continuation_of_a_control_frame_closes_with_1002()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendPingAsync("first half");
        Assert.Equal(RawFrame.PongOpcode, (await pair.Client.NextAsync()).Opcode);
        await pair.Client.SendFrameAsync(RawFrame.Continuation, Utf8Bytes("second half"));

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Theory]
    [InlineData(RawFrame.CloseOpcode, 126)]
    [InlineData(RawFrame.PingOpcode, 126)]
    [InlineData(RawFrame.PongOpcode, 126)]
    [InlineData(RawFrame.PingOpcode, 65_536)]
    public async Task A_control_frame_of_126_bytes_closes_with_1002(byte opcode, int length)
    {
        // A valid code, so that nothing but the length is wrong.
        byte[] payload = [3, 232, .. Enumerable.Repeat((byte)'x', length - 2)];
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(opcode, payload);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task A_control_frame_of_125_bytes_is_accepted()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendPongAsync(new byte[125]);
        await pair.Client.SendPingAsync(new string('x', 125));
        var pong = await pair.Client.NextAsync();
        Assert.Equal((RawFrame.PongOpcode, 125), (pong.Opcode, pong.Payload.Length));
        await pair.ExpectOpenAsync();
        await pair.Client.SendCloseAsync(1000, new string('x', 123));

        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Equal(new string('x', 123), (await pair.Server.Completion.Soon()).Reason);
    }

    [Fact]
    public async Task Control_frames_that_we_send_are_final()
    {
        var frames = await SentFrames.OfEveryKindAsync();

        Assert.Equal([true, true, true], frames.Where(frame => frame.Opcode >= RawFrame.CloseOpcode).Select(frame => frame.IsFinal));
    }

    [Fact]
    public async Task Control_frames_that_we_send_hold_at_most_125_bytes()
    {
        await using var pair = ConnectionPair.Create();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => pair.Server.CloseAsync(CloseCode.NormalClosure, new string('x', 124)).Soon());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => pair.Server.CloseAsync(CloseCode.NormalClosure, new string('€', 42)).Soon());
        await pair.ExpectOpenAsync();

        var frames = await SentFrames.OfEveryKindAsync();

        Assert.All(frames.Where(frame => frame.Opcode >= RawFrame.CloseOpcode), frame => Assert.InRange(frame.Payload.Length, 0, 125));
        Assert.Equal(125, frames[^1].Payload.Length);
    }

    [Fact]
    public async Task A_close_frame_with_a_body_of_one_byte_closes_with_1002()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(RawFrame.CloseOpcode, new byte[] { 3 });

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task The_code_in_our_close_frame_has_the_high_byte_first()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync((CloseCode)4001, "ab");
        var close = await pair.Client.NextAsync();
        Assert.Equal([0x0F, 0xA1, (byte)'a', (byte)'b'], close.Payload);
        await pair.Client.SendCloseAsync();
        await closing.Soon();
    }

    [Fact]
    public async Task A_ping_is_answered_with_a_pong()
    {
        // Nobody reads: the answer does not wait for the application.
        await using var pair = ConnectionPair.Create();
        for (var i = 0; i < 10; i++)
        {
            await pair.Client.SendPingAsync();
            Assert.Equal(RawFrame.PongOpcode, (await pair.Client.NextAsync()).Opcode);
        }

        await pair.ExpectOpenAsync();
    }

    [Fact]
    public async Task A_pong_goes_ahead_of_the_messages_that_wait()
    {
        // The transport takes one byte at a time: the first message stands in it, the others wait.
        await using var pair = ConnectionPair.Create(capacity: 1);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync($"{i}"));
        }

        await pair.Client.SendPingAsync("now").Soon();

        // What follows the ping has been read: so the pong is waiting, too.
        await pair.Client.SendTextAsync("after").Soon();
        Assert.Equal("after", await pair.Server.ReadTextAsync().Soon());
        Assert.Equal("0", (await pair.Client.NextAsync()).Text);
        Assert.Equal((RawFrame.PongOpcode, "now"), await NextAsync());
        for (var i = 1; i < 20; i++)
        {
            Assert.Equal((RawFrame.TextOpcode, $"{i}"), await NextAsync());
        }

        async Task<(byte Opcode, string Text)> NextAsync()
        {
            var frame = await pair.Client.NextAsync();
            return (frame.Opcode, frame.Text);
        }
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(1)] // Our Close still waits for its turn when the ping comes.
    public async Task A_ping_after_the_close_frame_is_not_answered(int capacity)
    {
        await using var pair = ConnectionPair.Create(capacity: capacity);
        await pair.Server.WriteTextAsync("under way");
        var sending = pair.Client.SendBytesAsync((byte[])
        [
            .. Frame(RawFrame.CloseOpcode, RawFrame.ClosePayload(1000)),
            .. Frame(RawFrame.PingOpcode, Utf8Bytes("too late")),
        ]);
        await Wait.Eventually(() => pair.Server.IsClosed);

        var frames = await pair.Client.ReadToEndAsync();

        Assert.Equal([RawFrame.TextOpcode, RawFrame.CloseOpcode], frames.Select(frame => frame.Opcode));
        await sending.Soon();
    }

    [Fact]
    public async Task A_pong_carries_the_payload_of_its_ping()
    {
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        await using var pair = ConnectionPair.Create();
        foreach (var payload in (byte[][])[[], [0], [0xFF, 0x00], all[..125], all[131..]])
        {
            await pair.Client.SendFrameAsync(RawFrame.PingOpcode, payload);
            var pong = await pair.Client.NextAsync();
            Assert.Equal(RawFrame.PongOpcode, pong.Opcode);
            Assert.Equal(payload, pong.Payload);
        }
    }

    [Fact]
    public async Task A_pong_that_nobody_asked_for_is_not_answered()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendPongAsync(new byte[] { 1, 2, 3 });

        await pair.ExpectOpenAsync();
    }
}
