using CsCheck;
using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.Tests.Connections.SendingTests;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>What was queued has arrived or is counted as unsent, however slowly the peer reads.</summary>
public sealed class UnsentMessagesTests
{
    private sealed record Plan(int Capacity, int MaxMessages, QueueFullPolicy Policy, (int Length, string? Key, bool Reads)[] Steps);

    private static readonly Gen<Plan> _plans = Gen.Select(
        Of(1, 10, 1000, 100_000),
        Gen.Int[1, 6],
        Of(QueueFullPolicy.DropNewest, QueueFullPolicy.DropOldest, QueueFullPolicy.Disconnect),
        Gen.Select(Of(0, 5, 300, 70_000), Of<string?>(null, "a", "b"), Gen.Bool).Array[1, 40],
        (capacity, maxMessages, policy, steps) => new Plan(capacity, maxMessages, policy, steps));

    [Fact]
    public async Task After_a_Close_it_comes_out_even()
    {
        await _plans.SampleAsync(
            async plan =>
            {
                await using var pair = ConnectionPair.Create(o => o.SendQueueMaxMessages = plan.MaxMessages, plan.Capacity);
                var (queued, received) = await RunAsync(pair, plan);
                _ = pair.Server.CloseAsync();
                await pair.Client.EndAsync();
                received += await DrainAsync(pair.Client);
                Assert.Equal(queued, received + (await pair.Server.Completion.Soon()).UnsentMessages);
            },
            iter: 300,
            threads: 2);
    }

    [Fact]
    public async Task After_a_cut_nothing_is_missing_and_at_most_the_last_write_counts_twice()
    {
        await _plans.SampleAsync(
            async plan =>
            {
                await using var pair = ConnectionPair.Create(o => o.SendQueueMaxMessages = plan.MaxMessages, plan.Capacity);
                var (queued, received) = await RunAsync(pair, plan);
                pair.Server.Abort();
                await pair.Client.EndAsync();
                var unsent = (await pair.Server.Completion.Soon()).UnsentMessages;
                received += await DrainAsync(pair.Client);

                // One write takes up to 64 KiB, however few messages may wait at once: while it is put together others come in their place.
                Assert.InRange(received + unsent, queued, queued + plan.Steps.Length);
            },
            iter: 300,
            threads: 2);
    }

    [Fact]
    public async Task A_message_that_was_written_whole_is_not_unsent_though_the_next_is_half_written()
    {
        // The small messages and the beginning of the large one leave in one write of 64 KiB; the rest never does.
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("first");
        await pair.Server.WriteTextAsync("small");
        await pair.Server.WriteBinaryAsync(new byte[200 * 1024]);
        Assert.Equal("first", (await pair.Client.NextAsync()).Text);
        Assert.Equal("small", (await pair.Client.NextAsync()).Text);

        var half = await pair.Client.Transport.Input.ReadAsync().Soon();
        pair.Client.Transport.Input.AdvanceTo(half.Buffer.End);
        var more = await pair.Client.Transport.Input.ReadAsync().Soon();
        pair.Client.Transport.Input.AdvanceTo(more.Buffer.Start);
        pair.Server.Abort();

        Assert.Equal(1, (await pair.Server.Completion.Soon()).UnsentMessages);
    }

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static async Task<(int Queued, int Received)> RunAsync(ConnectionPair pair, Plan plan)
    {
        var queued = 0;
        var received = 0;
        foreach (var (length, key, reads) in plan.Steps)
        {
            queued += await SendAsync(pair.Server, new byte[length], plan.Policy, key) == SendStatus.Queued ? 1 : 0;
            if (reads && pair.Server.Queue.WaitingBytes > 0)
            {
                await pair.Client.NextAsync();
                received++;
            }
        }

        return (queued, received);
    }

    // Counts the messages up to the end of the stream; a frame may be torn by a cut.
    private static async Task<int> DrainAsync(RawPeer peer)
    {
        var count = 0;
        try
        {
            while (await peer.ReadFrameAsync() is { } frame)
            {
                count += frame.Opcode == RawFrame.BinaryOpcode ? 1 : 0;
            }
        }
        catch (EndOfStreamException)
        {
        }

        return count;
    }
}
