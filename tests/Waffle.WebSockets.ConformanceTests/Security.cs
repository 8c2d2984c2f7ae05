using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 10: peers that mean no good.</summary>
public sealed class Security
{
    [Fact]
    public async Task Arbitrary_bytes_end_in_messages_or_a_close_and_never_in_another_exception()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 2 == 0 ? Noise(random) : Damaged(random);
            await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = 1_000);
            var reading = ReadAsync(pair.Server);
            await pair.Client.SendBytesAsync(bytes);
            await pair.Client.EndAsync();

            var end = await reading.Soon();

            Assert.True(
                end is null or ConnectionClosedException
                {
                    Close.Cause: CloseCause.PeerVanished or CloseCause.ProtocolViolation or CloseCause.MessageTooBig,
                },
                $"Seed {seed}: {end}");

            // What the server says stays in good order: a Close once, and last.
            var frames = await pair.Client.ReadToEndAsync();
            Assert.All(frames.SkipLast(1), frame => Assert.Equal(RawFrame.PongOpcode, frame.Opcode));
            Assert.All(frames, frame => Assert.Contains(frame.Opcode, new[] { RawFrame.PongOpcode, RawFrame.CloseOpcode }));
            Assert.All(frames, frame => Assert.True(frame is { IsFinal: true, IsMasked: false }));
            if (end is WebSocketProtocolException or MessageTooBigException)
            {
                Assert.Equal(((ConnectionClosedException)end).Close.Code, frames[^1].CloseCode);
            }
        }
    }

    [Theory]
    [InlineData(1_001)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(long.MaxValue)]
    public async Task A_frame_over_the_limit_closes_with_1009_before_its_payload_is_read(long length)
    {
        byte[] lengthBytes = [.. BitConverter.GetBytes(length).Reverse()];
        byte[] header = length <= ushort.MaxValue ? [0x82, 0xFE, .. lengthBytes[6..]] : [0x82, 0xFF, .. lengthBytes];
        await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = 1_000);
        await pair.Client.SendBytesAsync((byte[])[.. header, 1, 2, 3, 4]);

        await pair.ExpectFailureAsync(CloseCode.MessageTooBig);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task There_is_a_limit_unless_it_was_changed(bool inOneFrame)
    {
        var limit = new WebSocketConnectionOptions().MaxMessageSize;
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[inOneFrame ? limit + 1 : limit], isFinal: inOneFrame);
        if (!inOneFrame)
        {
            await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[1]);
        }

        await pair.ExpectFailureAsync(CloseCode.MessageTooBig);
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_accepted()
    {
        await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = 1_000);
        await pair.Client.SendBinaryAsync(new byte[1_000]);

        Assert.Equal(1_000, (await pair.Server.ReadBinaryAsync().Soon()).Length);
    }

    [Fact]
    public async Task Fragments_that_add_up_to_more_than_the_limit_close_with_1009()
    {
        await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = 1_000);
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[500], isFinal: false);
        await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[500], isFinal: false);
        await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[1]);

        await pair.ExpectFailureAsync(CloseCode.MessageTooBig);
    }

    [Fact]
    public async Task Endless_empty_fragments_close_the_connection()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
        var fragment = Frame(RawFrame.Continuation, isFinal: false);
        var sending = Task.Run(async () =>
        {
            while (!(await pair.Client.Transport.Output.WriteAsync(fragment)).IsCompleted)
            {
                await Task.Yield();
            }
        });

        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
        Assert.Null(await pair.Client.ReadFrameAsync());
        await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().Soon());
        await sending.Soon();
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(1, 300)];
        random.NextBytes(bytes);
        return bytes;
    }

    // Frames in good order with some bytes changed, so that the damage is found deep inside, too.
    private static byte[] Damaged(Random random)
    {
        byte[] bytes =
        [
            .. Frame(RawFrame.TextOpcode, Utf8Bytes("Grüße für 3 €")),
            .. Frame(RawFrame.PingOpcode, Utf8Bytes("ping")),
            .. Frame(RawFrame.BinaryOpcode, new byte[200], isFinal: false),
            .. Frame(RawFrame.PingOpcode, new byte[125]),
            .. Frame(RawFrame.Continuation, new byte[300]),
            .. Frame(RawFrame.CloseOpcode, RawFrame.ClosePayload(1000, "fin €")),
        ];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes[..random.Next(1, bytes.Length + 1)];
    }

    // The exception that reading ended with, if any.
    private static async Task<Exception?> ReadAsync(WebSocketConnection connection)
    {
        return await Record.ExceptionAsync(async () =>
        {
            await foreach (var message in connection.ReadAllAsync())
            {
                Assert.InRange(message.Data.Length, 0, 1_000);
            }
        });
    }
}
