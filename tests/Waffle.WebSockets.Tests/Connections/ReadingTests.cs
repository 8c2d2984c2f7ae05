using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class ReadingTests
{
    // What is read is handled on the thread that received it, when that has nothing more to do: from then on it is the application's.
    [Fact]
    public async Task A_handler_that_blocks_its_thread_keeps_nobody_from_reading_on()
    {
        await using var pair = ConnectionPair.Create();
        using var mayGoOn = new ManualResetEventSlim();
        var isBlocked = new TaskCompletionSource();
        var handling = Task.Run(async () =>
        {
            var text = await pair.Server.ReadTextAsync();
            isBlocked.SetResult();
            Assert.True(mayGoOn.Wait(RawPeer.Patience));
            return text + await pair.Server.ReadTextAsync();
        });
        await pair.Client.SendTextAsync("first");
        await isBlocked.Task.Soon();
        await pair.Client.SendTextAsync("second");
        await pair.Client.SendPingAsync("still there?");
        Assert.Equal("still there?", (await pair.Client.NextAsync()).Text);
        mayGoOn.Set();
        Assert.Equal("firstsecond", await handling.Soon());
    }

    [Fact]
    public async Task Messages_are_read_whole_in_order_with_their_kind()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("text");
        await pair.Client.SendBinaryAsync(new byte[] { 1, 2 });
        await pair.Client.SendTextAsync(string.Empty);

        var text = await pair.Server.ReadAsync().Soon();
        Assert.Equal((MessageKind.Text, "text"), (text.Kind, text.GetText()));
        var binary = await pair.Server.ReadAsync().Soon();
        Assert.Equal(MessageKind.Binary, binary.Kind);
        Assert.Equal([1, 2], binary.Data.ToArray());
        Assert.Equal(string.Empty, await pair.Server.ReadTextAsync().Soon());
    }

    [Fact]
    public async Task A_message_of_the_other_kind_is_consumed_and_the_connection_stays()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("text");
        await pair.Client.SendBinaryAsync(new byte[1]);
        await pair.Client.SendTextAsync("good");

        var first = await Assert.ThrowsAsync<UnexpectedMessageKindException>(() => pair.Server.ReadBinaryAsync().Soon());
        Assert.Equal((MessageKind.Binary, MessageKind.Text), (first.Expected, first.Actual));
        await Assert.ThrowsAsync<UnexpectedMessageKindException>(() => pair.Server.ReadTextAsync().Soon());
        Assert.Equal("good", await pair.Server.ReadTextAsync().Soon());
    }

    [Fact]
    public async Task A_second_read_at_once_is_an_error_and_does_not_disturb_the_first()
    {
        await using var pair = ConnectionPair.Create();
        var first = pair.Server.ReadTextAsync().AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Server.ReadTextAsync().AsTask());
        await pair.Client.SendTextAsync("one");
        await pair.Client.SendTextAsync("two");

        Assert.Equal("one", await first.Soon());
        Assert.Equal("two", await pair.Server.ReadTextAsync().Soon());
    }

    [Fact]
    public async Task At_most_64_messages_are_received_ahead()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.FillReadAheadAsync(messages: 64);
        var more = pair.Client.SendTextAsync("more");
        await Task.Yield();
        Assert.False(more.IsCompleted);

        for (var i = 0; i < 64; i++)
        {
            Assert.Equal($"{i}", await pair.Server.ReadTextAsync().Soon());
        }

        Assert.Equal(string.Empty, await pair.Server.ReadTextAsync().Soon());
        Assert.Equal("more", await pair.Server.ReadTextAsync().Soon());
        await more.Soon();
    }

    [Theory]
    [InlineData(1000, 1000, 1)]
    [InlineData(1000, 500, 2)]
    [InlineData(1000, 333, 2)]
    [InlineData(1000, 513, 1)]
    [InlineData(1024, 256, 4)]
    [InlineData(1024, 257, 2)]
    [InlineData(1, 1, 1)]
    public async Task At_most_MaxMessageSize_bytes_are_received_ahead_each_message_with_its_whole_buffer(int maxMessageSize, int length, int ahead)
    {
        await using var pair = ConnectionPair.Create(o => o.MaxMessageSize = maxMessageSize, capacity: 1);
        for (var i = 0; i < ahead; i++)
        {
            await pair.Client.SendBinaryAsync(new byte[length]).Soon();
        }

        // Its header is read, its payload is not.
        var frame = RawFrame.Encode(RawFrame.BinaryOpcode, new byte[length], mask: new byte[4]);
        var headerLength = frame.Length - length;
        await pair.Client.SendBytesAsync(frame.AsMemory(0, headerLength)).Soon();
        var payload = pair.Client.SendBytesAsync(frame.AsMemory(headerLength));
        Assert.False(payload.IsCompleted);

        for (var i = 0; i <= ahead; i++)
        {
            Assert.Equal(length, (await pair.Server.ReadBinaryAsync().Soon()).Length);
        }

        await payload.Soon();
    }

    [Fact]
    public async Task An_empty_message_that_had_to_wait_for_room_is_delivered_though_nothing_follows()
    {
        await using var pair = ConnectionPair.Create(o => o.ReadAheadMessages = 2, capacity: 1);
        await pair.FillReadAheadAsync(messages: 2);

        Assert.Equal("0", await pair.Server.ReadTextAsync().Soon());
        Assert.Equal("1", await pair.Server.ReadTextAsync().Soon());
        Assert.Equal(string.Empty, await pair.Server.ReadTextAsync().Soon());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 64)]
    [InlineData(4096, 3)]
    [InlineData(64 * 1024, 64)]
    public async Task Nothing_is_lost_or_doubled_under_backpressure(int capacity, int readAhead)
    {
        const int Messages = 2_000;
        await using var pair = ConnectionPair.Create(o => o.ReadAheadMessages = readAhead, capacity);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                var data = ConnectionTestExtensions.Numbered(i, i % 500);
                if (i % 3 == 0)
                {
                    await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, data.AsMemory(0, 2), isFinal: false);
                    await pair.Client.SendFrameAsync(RawFrame.Continuation, isFinal: false);
                    await pair.Client.SendFrameAsync(RawFrame.Continuation, data.AsMemory(2));
                }
                else
                {
                    await pair.Client.SendBinaryAsync(data);
                }
            }
        });

        for (var i = 0; i < Messages; i++)
        {
            Assert.Equal(ConnectionTestExtensions.Numbered(i, i % 500), await pair.Server.ReadBinaryAsync().Soon());
        }

        await sending.Soon();
    }

    [Fact]
    public async Task A_read_whose_token_is_cancelled_already_takes_nothing()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("kept");
        await pair.Client.SyncAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pair.Server.ReadAsync(new CancellationToken(canceled: true)));

        Assert.Equal("kept", await pair.Server.ReadTextAsync().Soon());
    }

    [Fact]
    public async Task A_read_that_waits_for_the_end_of_a_closing_can_be_cancelled()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("not taken");
        await pair.Client.SendCloseAsync();
        await Wait.Eventually(() => pair.Server.IsClosed);
        using var cancellation = new CancellationTokenSource();
        var read = pair.Server.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
    }

    public static TheoryData<int, int> Cuts => new()
    {
        // (a) While idle, (b) inside a header, (c) inside a payload, (d) between fragments.
        { 0, 1_000 },
        { 1, 1_000 },
        { 4, 1_000 },
        { 6 + 5, 1_000 },
        { 6 + 10, 1_000 },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task C45_a_read_that_is_cancelled_half_way_loses_nothing(int cut, int rounds)
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero, capacity: 1);
        for (var round = 0; round < rounds; round++)
        {
            var text = $"{round:D10}{round:D10}";
            byte[] bytes =
            [
                .. RawFrame.Encode(RawFrame.TextOpcode, ConnectionTestExtensions.Utf8(text[..10]), isFinal: false, mask: new byte[4]),
                .. RawFrame.Encode(RawFrame.Continuation, ConnectionTestExtensions.Utf8(text[10..]), mask: new byte[4]),
            ];
            using var cancellation = new CancellationTokenSource();
            var cancelled = pair.Server.ReadTextAsync(cancellation.Token).AsTask();
            var first = pair.Client.SendBytesAsync(bytes.AsMemory(0, cut));
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());

            var read = pair.Server.ReadTextAsync().AsTask();
            if (cut > 0)
            {
                // An incomplete header stays in the stream, so that its send does not end by itself.
                var rest = Task.Run(async () =>
                {
                    await first;
                    await pair.Client.SendBytesAsync(bytes.AsMemory(cut));
                });
                Assert.Equal(text, await read.Soon());
                await rest.Soon();
            }
            else
            {
                await first;
                await pair.Client.SendBytesAsync(bytes);
                Assert.Equal(text, await read.Soon());
            }
        }

        await pair.Client.SyncAsync();
    }

    [Fact]
    public async Task C45_a_read_that_is_cancelled_just_as_the_message_comes_loses_nothing()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        await pair.Server.CancelReadsAsMessagesComeAsync(pair.Client, rounds: 1_000);
    }

    [Fact]
    public async Task The_data_of_a_message_stays_until_the_next_read()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("first");
        var message = await pair.Server.ReadAsync().Soon();
        for (var i = 0; i < 50; i++)
        {
            await pair.Client.SendTextAsync("other");
        }

        await pair.Client.SyncAsync();
        Assert.Equal("first", message.GetText());
    }

    [Fact]
    public async Task ReadAllAsync_ends_with_the_peers_Close()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("1");
        await pair.Client.SendTextAsync("2");
        await pair.Client.SendCloseAsync(4001);

        var heard = new List<string>();
        await foreach (var message in pair.Server.ReadAllAsync())
        {
            heard.Add(message.GetText());
        }

        Assert.Equal(["1", "2"], heard);
        Assert.True(pair.Server.Handled.IsCompleted);
    }

    [Fact]
    public async Task ReadAllAsync_throws_when_the_peer_vanishes()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("1");
        await pair.Client.EndAsync();

        var heard = new List<string>();
        var closed = await Assert.ThrowsAsync<ConnectionClosedException>(async () =>
        {
            await foreach (var message in pair.Server.ReadAllAsync())
            {
                heard.Add(message.GetText());
            }
        });
        Assert.Equal(["1"], heard);
        Assert.Equal(CloseCause.PeerVanished, closed.Close.Cause);
    }
}
