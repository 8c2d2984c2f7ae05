using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.Tests.Connections.SendingTests;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Of each key only the newest message waits.</summary>
public sealed class KeyedReplacementTests
{
    [Fact]
    public async Task Of_10_000_updates_of_10_keys_a_stalled_client_gets_the_newest_10()
    {
        await using var pair = await StallAsync(_ => { });
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(
                SendStatus.Queued,
                await SendAsync(pair.Server, ConnectionTestExtensions.Numbered(i, 100), QueueFullPolicy.Disconnect, $"key {i % 10}"));
        }

        await pair.Client.NextAsync();
        for (var i = 9_990; i < 10_000; i++)
        {
            Assert.Equal(i, ConnectionTestExtensions.NumberOf((await pair.Client.NextAsync()).Payload));
        }

        _ = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendCloseAsync();
        Assert.Equal(9_990, (await pair.Server.Completion.Soon()).UnsentMessages);
    }

    [Fact]
    public async Task The_newer_one_goes_to_the_end_and_others_keep_their_places()
    {
        await using var pair = await StallAsync(_ => { });
        await SendAsync(pair.Server, [1], QueueFullPolicy.Disconnect, "a");
        await SendAsync(pair.Server, [2], QueueFullPolicy.Disconnect);
        await SendAsync(pair.Server, [3], QueueFullPolicy.Disconnect, "b");
        await SendAsync(pair.Server, [4], QueueFullPolicy.Disconnect, "a");
        await SendAsync(pair.Server, [5], QueueFullPolicy.Disconnect, "A");

        await pair.Client.NextAsync();
        foreach (byte expected in new byte[] { 2, 3, 4, 5 })
        {
            Assert.Equal([expected], (await pair.Client.NextAsync()).Payload);
        }
    }

    [Fact]
    public async Task A_full_queue_takes_a_replacement()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 2);
        await SendAsync(pair.Server, [1], QueueFullPolicy.DropNewest, "a");
        await SendAsync(pair.Server, [2], QueueFullPolicy.DropNewest);
        Assert.Equal(SendStatus.Queued, await SendAsync(pair.Server, [3], QueueFullPolicy.DropNewest, "a"));

        await pair.Client.NextAsync();
        Assert.Equal([2], (await pair.Client.NextAsync()).Payload);
        Assert.Equal([3], (await pair.Client.NextAsync()).Payload);
    }

    [Fact]
    public async Task A_replacement_that_is_refused_leaves_what_waits()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxBytes = 300);
        await SendAsync(pair.Server, [1], QueueFullPolicy.DropNewest, "a");
        await SendAsync(pair.Server, new byte[100], QueueFullPolicy.DropNewest);
        Assert.Equal(SendStatus.Dropped, await SendAsync(pair.Server, new byte[150], QueueFullPolicy.DropNewest, "a"));

        await pair.Client.NextAsync();
        Assert.Equal([1], (await pair.Client.NextAsync()).Payload);
        Assert.Equal(100, (await pair.Client.NextAsync()).Payload.Length);
    }

    [Fact]
    public async Task A_waiting_replacement_replaces_when_it_is_admitted()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 2);
        await SendAsync(pair.Server, [1], QueueFullPolicy.Wait);
        await SendAsync(pair.Server, [2], QueueFullPolicy.Wait);
        var waiting = SendAsync(pair.Server, [4], QueueFullPolicy.Wait, "a").AsTask();
        await SendAsync(pair.Server, [3], QueueFullPolicy.DropOldest, "a");

        await pair.Client.NextAsync();
        Assert.Equal([2], (await pair.Client.NextAsync()).Payload);
        Assert.Equal([4], (await pair.Client.NextAsync()).Payload);
        Assert.Equal(SendStatus.Queued, await waiting.Soon());
    }

    [Fact]
    public async Task A_message_of_which_a_byte_has_left_is_not_replaced()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await SendAsync(pair.Server, [1], QueueFullPolicy.Disconnect, "a");
        await SendAsync(pair.Server, [2], QueueFullPolicy.Disconnect, "a");

        Assert.Equal([1], (await pair.Client.NextAsync()).Payload);
        Assert.Equal([2], (await pair.Client.NextAsync()).Payload);
    }
}
