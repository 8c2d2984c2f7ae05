using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class SendingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public async Task A_message_of_any_length_arrives_whole_in_one_frame(int length)
    {
        await using var pair = ConnectionPair.Create();
        var data = new byte[length];
        Random.Shared.NextBytes(data);
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(data));

        var frame = await pair.Client.NextAsync();
        Assert.Equal((true, RawFrame.BinaryOpcode, false), (frame.IsFinal, frame.Opcode, frame.IsMasked));
        Assert.Equal(data, frame.Payload);
    }

    [Fact]
    public async Task Text_arrives_as_UTF8()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Server.WriteTextAsync("grüße 😀");
        await pair.Server.WriteAsync(MessageKind.Text, ConnectionTestExtensions.Utf8("bytes"));

        var first = await pair.Client.NextAsync();
        Assert.Equal((RawFrame.TextOpcode, "grüße 😀"), (first.Opcode, first.Text));
        Assert.Equal("bytes", (await pair.Client.NextAsync()).Text);
    }

    [Fact]
    public async Task Text_that_is_no_UTF8_is_an_argument_error_and_nothing_is_sent()
    {
        await using var pair = ConnectionPair.Create();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await pair.Server.WriteTextAsync("half \ud800"));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await pair.Server.WriteAsync(MessageKind.Text, new byte[] { 0xFF }));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await pair.Server.WriteAsync((MessageKind)7, new byte[] { 1 }));
        await pair.Server.WriteTextAsync("fine");

        Assert.Equal("fine", (await pair.Client.NextAsync()).Text);
    }

    [Fact]
    public async Task The_bytes_are_copied_before_the_call_returns()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteBinaryAsync(new byte[10]);
        byte[] data = [1, 2, 3];
        await pair.Server.WriteBinaryAsync(data);
        Array.Clear(data);

        await pair.Client.NextAsync();
        Assert.Equal([1, 2, 3], (await pair.Client.NextAsync()).Payload);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(64 * 1024)]
    public async Task Messages_of_64_threads_never_mix_and_each_threads_order_holds(int capacity)
    {
        const int Threads = 64;
        const int PerThread = 40;
        await using var pair = ConnectionPair.Create(capacity: capacity);
        using var start = new Barrier(Threads);
        var sending = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            async () =>
            {
                start.SignalAndWait();
                for (var i = 0; i < PerThread; i++)
                {
                    var number = (thread * PerThread) + i;
                    Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(ConnectionTestExtensions.Numbered(number, number % 300)));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        var next = new int[Threads];
        for (var i = 0; i < Threads * PerThread; i++)
        {
            var data = (await pair.Client.NextAsync()).Payload;
            var number = ConnectionTestExtensions.NumberOf(data);
            Assert.Equal(ConnectionTestExtensions.Numbered(number, number % 300), data);
            Assert.Equal(next[number / PerThread]++, number % PerThread);
        }

        await sending.Soon();
    }

    [Fact]
    public async Task C61_a_burst_harms_no_client_that_reads()
    {
        await using var pair = ConnectionPair.Create();
        var reading = Task.Run(async () =>
        {
            for (var i = 0; i < 20 * 2_000; i++)
            {
                Assert.Equal(i, ConnectionTestExtensions.NumberOf((await pair.Client.NextAsync()).Payload));
            }
        });
        for (var i = 0; i < 20 * 2_000; i++)
        {
            Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(ConnectionTestExtensions.Numbered(i, 200)).Soon());
        }

        await reading.Soon();
    }

    [Fact]
    public async Task A_write_waits_for_room_and_is_then_sent_in_its_turn()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 2);
        await pair.Server.WriteTextAsync("1");
        await pair.Server.WriteTextAsync("2");
        var third = pair.Server.WriteTextAsync("3").AsTask();
        var fourth = pair.Server.WriteTextAsync("4").AsTask();
        Assert.False(third.IsCompleted || fourth.IsCompleted);

        await pair.Client.NextAsync();
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal($"{i}", (await pair.Client.NextAsync()).Text);
        }

        Assert.Equal(SendStatus.Queued, await third.Soon());
        Assert.Equal(SendStatus.Queued, await fourth.Soon());
    }

    [Fact]
    public async Task A_write_gives_up_waiting_after_the_WriteTimeout()
    {
        // The queue is full all the time, but a byte leaves now and then: only the wait for room is over.
        using var limits = new CountedLimits();
        await using var pair = ConnectionPair.Create(o => o.SendQueueMaxMessages = 1, capacity: 1, limits: limits);
        await pair.Server.WriteBinaryAsync(new byte[200 * 1024]);
        await pair.Server.WriteTextAsync("waits");
        var write = pair.Server.WriteTextAsync("for room").AsTask();

        pair.Advance(TimeSpan.FromSeconds(5));
        await ReadSomeAsync(pair.Client, 64 * 1024);
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(5));
        Assert.False(write.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);

        Assert.Equal(SendStatus.Dropped, await write.Soon());
        Assert.False(pair.Server.IsClosed);
        await limits.ExpectOnlyAsync("write_timeout");
    }

    [Fact]
    public async Task A_cancelled_write_is_not_sent()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 1);
        await pair.Server.WriteTextAsync("1");
        using var cancellation = new CancellationTokenSource();
        var write = pair.Server.WriteTextAsync("cancelled", cancellation.Token).AsTask();
        var next = pair.Server.WriteTextAsync("2").AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pair.Server.WriteTextAsync("x", cancellation.Token));

        await pair.Client.NextAsync();
        Assert.Equal("1", (await pair.Client.NextAsync()).Text);
        Assert.Equal("2", (await pair.Client.NextAsync()).Text);
        Assert.Equal(SendStatus.Queued, await next.Soon());
    }

    [Fact]
    public async Task Pings_and_pongs_go_ahead_of_messages()
    {
        await using var pair = await StallAsync(_ => { });
        await pair.Server.WriteTextAsync("message");
        var ping = pair.Server.PingAsync();
        await pair.Client.NextAsync();

        Assert.Equal(RawFrame.PingOpcode, (await pair.Client.NextAsync()).Opcode);
        Assert.Equal(RawFrame.TextOpcode, (await pair.Client.NextAsync()).Opcode);
        Assert.False(ping.IsCompleted);
    }

    [Fact]
    public async Task Sending_on_an_ended_connection_is_Closed()
    {
        await using var pair = ConnectionPair.Create();
        pair.Server.Abort();

        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("late"));
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteBinaryAsync(new byte[1]));
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.PingAsync().Soon());
    }

    [Fact]
    public async Task C44_calls_during_and_after_the_end_end_typed_and_are_counted()
    {
        for (var round = 0; round < 500; round++)
        {
            await using var pair = ConnectionPair.Create();
            var receiving = pair.Client.ReadToEndAsync();
            using var start = new Barrier(3);
            var senders = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                async () =>
                {
                    var queued = 0;
                    start.SignalAndWait();
                    var pings = new List<Task<TimeSpan>> { pair.Server.PingAsync() };
                    while (await pair.Server.WriteTextAsync("x") == SendStatus.Queued)
                    {
                        queued++;
                    }

                    pings.Add(pair.Server.PingAsync());
                    foreach (var ping in pings)
                    {
                        await Assert.ThrowsAsync<ConnectionClosedException>(() => ping.Soon());
                    }

                    return queued;
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap()).ToArray();
            start.SignalAndWait();
            if (round % 2 == 0)
            {
                pair.Server.Abort();
            }
            else
            {
                _ = pair.Server.CloseAsync();
                await pair.Client.EndAsync();
            }

            var queued = (await Task.WhenAll(senders).Soon()).Sum();
            var end = await pair.Server.Completion.Soon();
            var received = (await receiving.Soon()).Count(frame => frame.Opcode == RawFrame.TextOpcode);

            // What is cut in the middle of a write may have arrived all the same.
            Assert.InRange(queued, round % 2 == 0 ? 0 : received + end.UnsentMessages, received + end.UnsentMessages);
        }
    }

    /// <summary>A pair whose peer does not read: a first message fills the stream.</summary>
    internal static async Task<ConnectionPair> StallAsync(
        Action<WebSocketConnectionOptions> configure,
        int capacity = 1,
        MessageCompression compression = MessageCompression.Disabled,
        CountedLimits? limits = null)
    {
        var pair = limits is null ? compression.CreatePair(configure, capacity) : ConnectionPair.Create(configure, capacity, limits: limits);
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(new byte[16]));
        return pair;
    }

    /// <summary>Offers a message to the queue by a policy.</summary>
    internal static ValueTask<SendStatus> SendAsync(WebSocketConnection connection, byte[] data, QueueFullPolicy policy, string? key = null) =>
        connection.SendAsync(
            MessageFrame.Create(MessageKind.Binary, data), policy, key, CancellationToken.None);

    private static async Task ReadSomeAsync(RawPeer peer, int bytes)
    {
        while (bytes > 0)
        {
            var result = await peer.Transport.Input.ReadAsync().Soon();
            var take = Math.Min(bytes, result.Buffer.Length);
            peer.Transport.Input.AdvanceTo(result.Buffer.GetPosition(take));
            bytes -= (int)take;
        }

        // Once the next bytes are there, the writer knows that it got on.
        var next = await peer.Transport.Input.ReadAsync().Soon();
        peer.Transport.Input.AdvanceTo(next.Buffer.Start);
    }
}
