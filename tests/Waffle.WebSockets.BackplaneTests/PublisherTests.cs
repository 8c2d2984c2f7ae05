using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A process without a hub publishes to the clients of two that have one.</summary>
public sealed class PublisherTests : IAsyncLifetime
{
    private readonly InMemoryExchange _exchange = new();
    private Cluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await Cluster.StartAsync(_ => _exchange.Connect(), servers: 2);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task It_reaches_all_a_room_several_rooms_and_a_user_in_every_form()
    {
        var alice = await _cluster.ConnectAsync(1, "alice", "tea", "coffee");
        await using var publisher = await StartAsync();
        var publications = new (Func<PublishStatus> Publish, string Expected)[]
        {
            (() => publisher.PublishText("all"), "all"),
            (() => publisher.Room("tea").PublishJson(new { a = 1 }), """{"a":1}"""),
            (() => publisher.Rooms("tea", "coffee").PublishEvent("e", 2), """{"name":"e","data":2}"""),
            (() => publisher.User("alice").PublishTypedMessage("t", 3), """{"type":"t","payload":3}"""),
            (() => publisher.User("alice").PublishBinary("bin"u8.ToArray()), "bin"),
        };
        foreach (var (publish, expected) in publications)
        {
            Assert.Equal(PublishStatus.Accepted, publish());
            Assert.Equal(expected, await alice.NextTextAsync());
        }
    }

    [Fact]
    public async Task It_leaves_out_a_connection_wherever_that_is()
    {
        var (first, second) = (await _cluster.ConnectAsync(0, null, "tea"), await _cluster.ConnectAsync(1, null, "tea"));
        await using var publisher = await StartAsync();
        publisher.Room("tea").PublishText("not to the second", new PublishOptions { ExceptConnection = second.Client.Connection.Id });
        publisher.Room("tea").PublishText("end");
        Assert.Equal(["not to the second"], await first.TextsUpToAsync("end"));
        Assert.Empty(await second.TextsUpToAsync("end"));
    }

    [Fact]
    public async Task It_disconnects_from_anywhere()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea");
        await using var publisher = await StartAsync();
        Assert.Equal(PublishStatus.Accepted, publisher.Room("tea").Disconnect((CloseCode)4001, "Closed."));
        var close = await member.Peer.ReadFrameAsync().Soon();
        Assert.Equal(((CloseCode)4001, "Closed."), (close!.CloseCode, close.CloseReason));
    }

    // What it says at its end must not make others forget what they have had of it.
    [Fact]
    public async Task A_message_to_several_rooms_comes_once_also_when_the_publisher_ends_behind_it()
    {
        var rooms = Enumerable.Range(0, 50).Select(static i => $"room {i}").ToArray();
        var member = await _cluster.ConnectAsync(1, null, rooms);
        await using (var publisher = await StartAsync())
        {
            publisher.Rooms(rooms).PublishText("once");
        }

        Assert.Equal("once", await member.NextTextAsync());
        foreach (var room in rooms)
        {
            await _cluster.Hubs[0].Room(room).BroadcastTextAsync(room);
        }

        var after = new List<string>();
        while (after.Count < rooms.Length)
        {
            after.Add(await member.NextTextAsync());
        }

        Assert.Equal(rooms.Order(), after.Order());
    }

    [Fact]
    public async Task It_does_not_count_as_a_server_and_nobody_waits_for_its_answers()
    {
        await using var publisher = await StartAsync();
        publisher.PublishText("here");
        Assert.Single(_cluster.Hubs[0].Servers);
        Assert.Empty((await _cluster.Hubs[0].CountEverywhereAsync().Soon()).Unanswered);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_no_room_of_another_name()
    {
        var member = await _cluster.ConnectAsync(1, null, "\uFFFD");
        await using var publisher = await StartAsync();
        publisher.Room("\uD800").PublishText("wrong");
        publisher.Room("\uFFFD").PublishText("right");
        Assert.Equal("right", await member.NextTextAsync());
    }

    [Fact]
    public async Task Who_waits_for_an_engine_hears_that_the_publisher_has_ended()
    {
        var publisher = new WebSocketHubPublisher(new LyingBackplane(_exchange.Connect()) { IsSilent = true });
        var ready = publisher.WaitUntilReadyAsync(CancellationToken.None);
        Assert.Equal(PublishStatus.Failed, publisher.PublishText("nobody hears it"));
        await publisher.DisposeAsync().AsTask().Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ready.Soon());
    }

    [Fact]
    public async Task Registered_it_is_one_for_the_process_with_the_options_of_its_key()
    {
        var services = new ServiceCollection();
        services.AddWebSocketHubPublisher().AddBackplane(_ => _exchange.Connect());
        services.AddWebSocketHubPublisher().AddBackplane(_ => _exchange.Connect());
        services.AddWebSocketHubPublisher("other").AddBackplane(_ => _exchange.Connect(), static options => options.HubName = "waffle");
        await using var provider = services.BuildServiceProvider();
        var publisher = Assert.Single(provider.GetServices<WebSocketHubPublisher>());
        var keyed = provider.GetRequiredKeyedService<WebSocketHubPublisher>("other");
        var member = await _cluster.ConnectAsync(1);
        foreach (var (one, text) in new[] { (publisher, "one"), (keyed, "two") })
        {
            await one.WaitUntilReadyAsync(CancellationToken.None).Soon();
            one.PublishText(text);
            Assert.Equal(text, await member.NextTextAsync());
        }
    }

    [Fact]
    public void Without_a_backplane_it_says_what_to_call()
    {
        var services = new ServiceCollection();
        services.AddWebSocketHubPublisher();
        using var provider = services.BuildServiceProvider();
        Assert.Contains("AddRedisBackplane", Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<WebSocketHubPublisher>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_sense_are_named()
    {
        var services = new ServiceCollection();
        services.AddWebSocketHubPublisher().AddBackplane(_ => _exchange.Connect(), static options => options.HubName = "a.b");
        using var provider = services.BuildServiceProvider();
        Assert.Contains("HubName", Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<WebSocketHubPublisher>()).Message, StringComparison.Ordinal);
    }

    private async Task<WebSocketHubPublisher> StartAsync()
    {
        var publisher = new WebSocketHubPublisher(_exchange.Connect());
        await publisher.WaitUntilReadyAsync(CancellationToken.None).Soon();
        return publisher;
    }
}
