using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;

namespace Waffle.WebSockets.Tests.Connections.Outbound;

/// <summary>How much a connection holds for a peer that takes nothing.</summary>
[Collection(RunsAlone.Name)]
public sealed class HeldFramesTests
{
    private const int MaxBytes = 64 * 1024;
    private const int Largest = 4096;

    [Theory]
    [InlineData(QueueFullPolicy.DropNewest)]
    [InlineData(QueueFullPolicy.DropOldest)]
    [InlineData(QueueFullPolicy.Disconnect)]
    public async Task No_more_waits_than_the_queue_may_hold_beside_the_frame_under_way(QueueFullPolicy policy)
    {
        using var buffers = new RentedBuffers();
        var connection = WebSocketConnection.Create(
            new DuplexPipe(new Pipe().Reader, new StuckOutput()),
            new WebSocketConnectionOptions { SendQueueMaxBytes = MaxBytes, WriteTimeout = TimeSpan.Zero, PingInterval = TimeSpan.Zero },
            new FakeTimeProvider());

        // Longer than what is handed to the transport at once, so that a part of it stays.
        await SendAsync(new byte[256 * 1024]);
        var underWay = buffers.Bytes;
        var random = new Random(1);
        var wasFull = false;
        for (var i = 0; i < 2_000; i++)
        {
            wasFull |= await SendAsync(new byte[random.Next(Largest)]) != SendStatus.Queued || connection.Queue.WaitingBytes > MaxBytes - Largest - 128;
            Assert.InRange(connection.Queue.WaitingBytes, 0, MaxBytes);

            // The pool's arrays are less than twice as long as what was asked for.
            Assert.InRange(buffers.Bytes - underWay, 0, 2 * MaxBytes);
        }

        Assert.True(wasFull);
        connection.Abort();
        await connection.DisposeAsync().AsTask().Soon();

        // Whose flush never ends may still be read by the transport.
        Assert.Equal(underWay, buffers.Bytes);

        ValueTask<SendStatus> SendAsync(byte[] data) =>
            RentedBuffers.Watch(() => SendingTests.SendAsync(connection, data, policy));
    }

    [Fact]
    public async Task One_message_larger_than_the_queue_may_wait_and_then_nothing_more()
    {
        await using var pair = await SendingTests.StallAsync(static options => options.SendQueueMaxBytes = MaxBytes);
        Assert.Equal(SendStatus.Queued, await SendingTests.SendAsync(pair.Server, new byte[4 * MaxBytes], QueueFullPolicy.DropNewest));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(SendStatus.Dropped, await SendingTests.SendAsync(pair.Server, new byte[i % 2 * 4 * MaxBytes], QueueFullPolicy.DropNewest));
        }

        Assert.InRange(pair.Server.Queue.WaitingBytes, 4 * MaxBytes, (4 * MaxBytes) + 128);
    }
}
