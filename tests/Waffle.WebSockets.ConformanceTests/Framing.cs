using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 5.2: the header of a frame.</summary>
public sealed class Framing
{
    private static readonly byte[] _opcodes =
    [
        RawFrame.Continuation, RawFrame.TextOpcode, RawFrame.BinaryOpcode, RawFrame.CloseOpcode, RawFrame.PingOpcode, RawFrame.PongOpcode,
    ];

    public static MatrixTheoryData<int, byte> ReservedBits => new([1, 2, 3, 4, 5, 6, 7], _opcodes);

    public static MatrixTheoryData<int, bool> ReservedOpcodes => new([3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF], [true, false]);

    [Theory]
    [MemberData(nameof(ReservedBits))]
    public async Task An_RSV_bit_closes_with_1002(int reservedBits, byte opcode)
    {
        await using var pair = ConnectionPair.Create();
        if (opcode == RawFrame.Continuation)
        {
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
        }

        await pair.Client.SendFrameAsync(opcode, reservedBits: reservedBits);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task Frames_that_we_send_have_no_RSV_bits()
    {
        var frames = await SentFrames.OfEveryKindAsync();

        Assert.All(frames, frame => Assert.Equal(0, frame.ReservedBits));
    }

    [Theory]
    [MemberData(nameof(ReservedOpcodes))]
    public async Task A_reserved_opcode_closes_with_1002(int opcode, bool isFinal)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync((byte)opcode, isFinal: isFinal);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Theory]
    [InlineData(0x80, 0x00)]
    [InlineData(0x80, 0x01)]
    [InlineData(0xFF, 0xFF)]
    public async Task A_64_bit_length_with_the_top_bit_set_closes_with_1002(byte first, byte last)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBytesAsync(new byte[] { 0x82, 0xFF, first, 0, 0, 0, 0, 0, 0, last, 1, 2, 3, 4 });

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(125, 16)]
    [InlineData(0, 64)]
    [InlineData(125, 64)]
    [InlineData(126, 64)]
    [InlineData(65_535, 64)]
    public async Task A_length_that_is_not_the_shortest_closes_with_1002(int length, int lengthForm)
    {
        await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = 100_000);
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[length], lengthForm: lengthForm);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task Lengths_of_all_three_forms_are_accepted()
    {
        await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = 100_000);
        foreach (var length in SentFrames.Lengths)
        {
            var sending = pair.Client.SendBinaryAsync(new byte[length]);
            Assert.Equal(length, (await pair.Server.ReadBinaryAsync().Soon()).Length);
            await sending.Soon();
        }
    }

    [Fact]
    public async Task A_frame_that_we_send_has_the_shortest_length()
    {
        var frames = await SentFrames.OfEveryKindAsync();

        Assert.All(frames, frame => Assert.Equal(frame.Payload.Length switch { <= 125 => 2, <= 65_535 => 4, _ => 10 }, frame.HeaderLength));
        var binary = frames.Where(frame => frame.Opcode == RawFrame.BinaryOpcode);
        Assert.Equal(SentFrames.Lengths, binary.Select(frame => frame.Payload.Length));
    }
}
