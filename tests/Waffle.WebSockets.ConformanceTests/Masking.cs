using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 5.1: clients mask, servers do not.</summary>
public sealed class Masking
{
    [Theory]
    [InlineData(RawFrame.TextOpcode, 0)]
    [InlineData(RawFrame.TextOpcode, 5)]
    [InlineData(RawFrame.BinaryOpcode, 5)]
    [InlineData(RawFrame.BinaryOpcode, 300)]
    [InlineData(RawFrame.BinaryOpcode, 70_000)]
    [InlineData(RawFrame.PingOpcode, 5)]
    [InlineData(RawFrame.PongOpcode, 5)]
    [InlineData(RawFrame.CloseOpcode, 0)]
    public async Task An_unmasked_frame_closes_with_1002(byte opcode, int length)
    {
        await using var pair = ConnectionPair.Create();
        await pair.ExpectOpenAsync();
        await pair.Client.SendFrameAsync(opcode, new byte[length], isMasked: false);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task An_unmasked_fragment_closes_with_1002()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[5], isFinal: false);
        await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[5], isMasked: false);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task No_frame_that_we_send_is_masked()
    {
        var frames = await SentFrames.OfEveryKindAsync();

        Assert.All(frames, frame => Assert.False(frame.IsMasked));
    }
}
