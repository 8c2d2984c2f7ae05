using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 5.4 and 6.1: sending messages.</summary>
public sealed class Sending
{
    [Fact]
    public async Task A_message_reaches_the_peer_as_it_was_sent()
    {
        const string Text = "Grüße für 3 € \U0001F600\0!";
        var data = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        await using var pair = ConnectionPair.Create();
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync(Text));
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(data));

        Assert.Equal(Text, (await pair.Client.NextAsync()).Text);
        Assert.Equal(data, (await pair.Client.NextAsync()).Payload);
    }

    [Fact]
    public async Task Nothing_is_sent_once_the_connection_is_closing()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync();
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("closing"));
        await pair.Client.SendCloseAsync();
        await closing.Soon();
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteBinaryAsync(new byte[1]));

        Assert.Equal([RawFrame.CloseOpcode], (await pair.Client.ReadToEndAsync()).Select(frame => frame.Opcode));
    }

    [Fact]
    public async Task Nothing_is_sent_once_the_peer_has_closed()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("late"));

        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    [Fact]
    public async Task A_send_that_waits_when_the_connection_ends_is_given_up()
    {
        await using var pair = ConnectionPair.Create(options => options.SendQueueMaxMessages = 1, capacity: 1);
        await pair.Server.WriteTextAsync("under way");
        await pair.Server.WriteTextAsync("accepted");
        var waiting = pair.Server.WriteTextAsync("never sent").AsTask();
        Assert.False(waiting.IsCompleted);
        var closing = pair.Server.CloseAsync();
        Assert.Equal(SendStatus.Closed, await waiting.Soon());
        await pair.Client.SendCloseAsync();

        var frames = await pair.Client.ReadToEndAsync();

        Assert.Equal(["under way", "accepted"], frames[..^1].Select(frame => frame.Text));
        Assert.Equal(RawFrame.CloseOpcode, frames[^1].Opcode);
        await closing.Soon();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public async Task A_message_is_sent_as_one_frame(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        await using var pair = ConnectionPair.Create(capacity: 1_000);
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(data));

        var frame = await pair.Client.NextAsync();

        Assert.True(frame.IsFinal);
        Assert.Equal(data, frame.Payload);
    }

    [Fact]
    public async Task The_opcode_tells_text_from_binary()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Server.WriteTextAsync("text");
        await pair.Server.WriteBinaryAsync("binary"u8.ToArray());
        await pair.Server.WriteAsync(MessageKind.Text, "text"u8.ToArray());
        await pair.Server.WriteAsync(MessageKind.Binary, "binary"u8.ToArray());

        foreach (var opcode in (byte[])[RawFrame.TextOpcode, RawFrame.BinaryOpcode, RawFrame.TextOpcode, RawFrame.BinaryOpcode])
        {
            Assert.Equal(opcode, (await pair.Client.NextAsync()).Opcode);
        }
    }

    [Fact]
    public async Task The_last_frame_of_a_message_is_final()
    {
        var frames = await SentFrames.OfEveryKindAsync();

        Assert.All(frames, frame => Assert.True(frame.IsFinal));
    }

    [Fact]
    public async Task Messages_leave_in_the_order_of_the_calls()
    {
        await using var pair = ConnectionPair.Create(capacity: 100);
        for (var i = 0; i < 1_000; i++)
        {
            await (i % 2 == 0 ? pair.Server.WriteTextAsync($"{i}") : pair.Server.WriteBinaryAsync(Expectations.Utf8Bytes($"{i}")));
        }

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal($"{i}", (await pair.Client.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task Messages_sent_at_once_are_not_mixed()
    {
        const int Senders = 16;
        const int PerSender = 50;
        await using var pair = ConnectionPair.Create(capacity: 10);
        using var start = new Barrier(Senders);
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Factory.StartNew(
            async () =>
            {
                start.SignalAndWait();
                for (var i = 0; i < PerSender; i++)
                {
                    await pair.Server.WriteTextAsync(new string((char)('a' + sender), 1 + (i * 7)));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        var seen = new int[Senders];
        for (var i = 0; i < Senders * PerSender; i++)
        {
            var frame = await pair.Client.NextAsync();
            var sender = frame.Payload[0] - 'a';
            Assert.Equal((RawFrame.TextOpcode, true), (frame.Opcode, frame.IsFinal));
            Assert.Equal(new string((char)('a' + sender), 1 + (seen[sender]++ * 7)), frame.Text);
        }

        await sending.Soon();
    }
}
