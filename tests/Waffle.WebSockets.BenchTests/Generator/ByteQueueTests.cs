using Waffle.WebSockets.Bench.Load.Generator.Clients;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class ByteQueueTests
{
    [Fact]
    public void What_is_appended_comes_out_in_order()
    {
        var queue = new ByteQueue();
        var (written, read) = (0, 0);
        for (var round = 1; round < 200; round++)
        {
            foreach (ref var value in queue.Append(round % 17))
            {
                value = (byte)written++;
            }

            var dropped = queue.Length - (round % 5);
            for (var i = 0; i < dropped; i++)
            {
                Assert.Equal((byte)read++, queue.Bytes[i]);
            }

            queue.Drop(Math.Max(dropped, 0));
            Assert.Equal(written - read, queue.Length);
        }
    }

    [Fact]
    public void A_cleared_queue_is_empty()
    {
        var queue = new ByteQueue();
        queue.Append(3);
        queue.Clear();

        Assert.Equal(0, queue.Length);
        Assert.True(queue.Bytes.IsEmpty);
    }
}
