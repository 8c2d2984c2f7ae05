namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>A client that does not keep up with keyed updates gets the newest of each key; one that does gets all.</summary>
public sealed class KeyedSendTests : IAsyncDisposable
{
    private const int Keys = 10;
    private const int Updates = 10_000;

    private readonly HubScene _scene = new();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("client")]
    [InlineData("user")]
    [InlineData("room")]
    [InlineData("several rooms")]
    public async Task Of_10_000_updates_of_10_keys_a_stalled_client_gets_the_newest_10_and_a_fast_one_all(string target)
    {
        var slow = await _scene.ConnectAsync("ann", capacity: 1);
        var fast = await _scene.ConnectAsync("ann");
        foreach (var peer in new[] { slow, fast })
        {
            await peer.Client.JoinAsync("a");
            await peer.Client.JoinAsync("b");
        }

        var queue = slow.Client.Connection.Queue;
        var random = new Random(1);
        var newest = new Dictionary<int, int>();
        long flat = 0;

        // The first one is under way when the others of its key come.
        await SendAsync(target, slow, fast, 0, key: 0);
        Assert.Equal(Text(0), await fast.NextTextAsync());
        for (var i = 1; i <= Updates; i++)
        {
            var key = i <= Keys ? i - 1 : random.Next(Keys);
            newest[key] = i;
            await SendAsync(target, slow, fast, i, key);
            Assert.Equal(Text(i), await fast.NextTextAsync());
            flat = i == Keys ? queue.WaitingBytes : flat;
            if (i >= Keys && queue.WaitingBytes != flat)
            {
                Assert.Fail($"{queue.WaitingBytes} bytes wait after {i} updates, {flat} waited before.");
            }
        }

        Assert.False(slow.Client.Connection.IsClosed);
        Assert.Equal([Text(0), .. newest.Values.Order().Select(Text)], await slow.TextsSoFarAsync());
        Assert.Empty(await fast.TextsSoFarAsync());
    }

    private static string Text(int update) => $"update {update:D5}";

    private async Task SendAsync(string target, HubPeer slow, HubPeer fast, int update, int key)
    {
        var options = new SendOptions { Key = $"key {key}" };
        if (target == "client")
        {
            Assert.Equal(SendStatus.Queued, await slow.Client.SendTextAsync(Text(update), options));
            Assert.Equal(SendStatus.Queued, await fast.Client.SendTextAsync(Text(update), options));
            return;
        }

        var group = target switch
        {
            "user" => _scene.Hub.User("ann"),
            "room" => _scene.Hub.Room("a"),
            _ => _scene.Hub.Rooms("a", "b"),
        };
        Assert.Equal(new BroadcastResult(2, 0, 0), await group.BroadcastTextAsync(Text(update), options));
    }
}
