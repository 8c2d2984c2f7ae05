using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>What compression holds of memory, and that it gives it back.</summary>
[Collection(RunsAlone.Name)]
public sealed class CompressionMemoryTests
{
    private const int Large = 1024 * 1024;
    private const int Small = 1024;
    private const int Window = 32 * 1024;

    [Fact]
    public async Task C35_after_a_large_message_a_connection_keeps_its_window_and_not_the_message()
    {
        const int Connections = 100;

        // Once before, so that everything that is made once is there.
        await MeasureAsync(Connections, Large);
        var small = await MeasureAsync(Connections, Small);
        var large = await MeasureAsync(Connections, Large);

        // What is rented is the compressor's own, whatever it has compressed; that of one connection may be mistaken for another's of the process.
        Assert.InRange(large.Rented, small.Rented - Window, small.Rented + Window);

        // The pool itself may have grown by a few buffers. Where it has let go of what an earlier measurement left there, the heap has shrunk instead of grown.
        Assert.InRange(large.Heap - Math.Max(0, small.Heap), long.MinValue, Connections * (Window + (Large / 8)));
    }

    [Fact]
    public async Task A_bomb_of_64_MiB_costs_no_more_than_a_message_of_the_limit()
    {
        const int Limit = 64 * 1024;
        var bomb = new DeflatePeer().Compress(new byte[64 * 1024 * 1024]);
        Assert.InRange(bomb.Length, 60_000, Limit);
        using var buffers = new RentedBuffers();
        await using var pair = RentedBuffers.Watch(static () =>
            MessageCompression.NoContextTakeover.CreatePair(static options => options.MaxMessageSize = Limit, capacity: 1));
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, bomb, reservedBits: CompressionModes.Rsv1);
        await pair.Client.ExpectCloseAsync(CloseCode.MessageTooBig);

        // What came, and what it was inflated into: up to the limit, and no further.
        Assert.InRange(buffers.Most, Limit, (2 * Limit) + 1024);
    }

    [Theory]
    [InlineData("an abort")]
    [InlineData("our Close")]
    [InlineData("the peer's Close")]
    public async Task An_end_while_other_threads_compress_and_inflate_gives_everything_back(string end)
    {
        var message = HalfNoise(20_000);
        var frame = RawFrame.EncodeMessage(RawFrame.BinaryOpcode, new DeflatePeer().Compress(message), reservedBits: CompressionModes.Rsv1);
        using var buffers = new RentedBuffers();
        for (var round = 0; round < 100; round++)
        {
            await RentedBuffers.Watch(() => EndAmidMessagesAsync(end, delay: round, message, frame));
        }

        await Wait.Eventually(() => buffers.Bytes == 0, "everything is given back");
    }

    private static async Task EndAmidMessagesAsync(string end, int delay, byte[] message, byte[] frame)
    {
        await using var pair = MessageCompression.ContextTakeover.CreatePair();
        var isFlowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isOver = false;
        var tasks = new[] { WriteAsync, WriteAsync, ReadAsync, SendAsync, ReceiveAsync }.Select(Task.Run).ToArray();
        await isFlowing.Task.Soon();
        Thread.SpinWait(100 * delay);
        Volatile.Write(ref isOver, true);
        switch (end)
        {
            case "an abort":
                pair.Server.Abort();
                break;
            case "our Close":
                pair.Server.BeginClose(CloseCode.NormalClosure, string.Empty);
                break;
            default:
                break;
        }

        await Task.WhenAll(tasks).Soon();
        await pair.Server.Completion.Soon();

        async Task WriteAsync()
        {
            while (await pair.Server.WriteBinaryAsync(message) == SendStatus.Queued)
            {
            }
        }

        async Task ReadAsync()
        {
            try
            {
                await foreach (var received in pair.Server.ReadAllAsync())
                {
                    Assert.Equal(message.Length, received.Data.Length);
                }
            }
            catch (ConnectionClosedException)
            {
                // Aborted.
            }
        }

        // Its Close is the peer's own, or the answer to ours.
        async Task SendAsync()
        {
            while (!Volatile.Read(ref isOver))
            {
                await pair.Client.SendBytesAsync(frame);
            }

            await pair.Client.SendCloseAsync();
        }

        async Task ReceiveAsync()
        {
            while (await pair.Client.Transport.Input.ReadAsync() is { IsCompleted: false } result)
            {
                pair.Client.Transport.Input.AdvanceTo(result.Buffer.End);
                isFlowing.TrySetResult();
            }
        }
    }

    private static async Task<(long Rented, long Heap)> MeasureAsync(int connections, int length)
    {
        var message = HalfNoise(length);
        var compressed = new DeflatePeer().Compress(message);
        using var buffers = new RentedBuffers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var pairs = new ConnectionPair[connections];
        for (var i = 0; i < connections; i++)
        {
            pairs[i] = await RentedBuffers.Watch(() => ExchangeAsync(message, compressed));
        }

        var result = (buffers.Bytes, GC.GetTotalMemory(forceFullCollection: true) - before);
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }

        return result;
    }

    // The same bytes for each: a first message refers to nothing before it.
    private static async Task<ConnectionPair> ExchangeAsync(byte[] message, byte[] compressed)
    {
        var pair = MessageCompression.ContextTakeover.CreatePair(static options => options.MaxMessageSize = Large, capacity: 1);
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, compressed, reservedBits: CompressionModes.Rsv1);
        var received = await pair.Server.ReadAsync().Soon();
        Assert.True(received.Data.Span.SequenceEqual(message));
        pair.Server.ReleaseLastRead();
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(message));
        var frame = await pair.Client.NextAsync();
        Assert.Equal(CompressionModes.Rsv1, frame.ReservedBits);
        Assert.InRange(frame.Payload.Length, 1, message.Length - 1);
        return pair;
    }

    private static byte[] HalfNoise(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data.AsSpan(0, length / 2));
        return data;
    }
}
