using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Samples.Chat;

public sealed class RoomStateTests : ChatScene
{
    [Fact]
    public async Task Who_connects_is_in_general_and_told_its_state()
    {
        await using var alice = await ConnectAsync("alice");

        Assert.Equal("""{"name":"user_joined","data":{"room":"general","user":"alice"}}""", await alice.ReceiveTextAsync());
        Assert.Equal(
            """{"name":"room_state","data":{"room":"general","users":["alice"],"rooms":["general"],"messages":[]}}""",
            await alice.ReceiveTextAsync());
    }

    [Fact]
    public async Task Each_join_is_answered_with_users_rooms_and_messages()
    {
        await using var alice = await EnterAsync("alice");
        await using var bob = await EnterAsync("bob");
        await JoinAsync(alice, "tea");
        var said = await SayAsync(alice, "tea", "Earl Grey?");

        var state = await JoinAsync(bob, "tea");

        Assert.Equal(["alice", "bob"], state.Users);
        Assert.Equal(["general", "tea"], state.Rooms.Order());
        Assert.Equal(said, Assert.Single(state.Messages));
    }

    [Fact]
    public async Task Joining_a_room_again_tells_its_state_again_and_nothing_to_the_others()
    {
        await using var alice = await EnterAsync("alice");
        await using var bob = await EnterAsync("bob");
        await alice.ReceiveAllAsync();

        var state = await JoinAsync(bob, "general");

        Assert.Equal(["alice", "bob"], state.Users);
        await alice.ReceiveNothingAsync();
    }

    [Fact]
    public async Task A_room_remembers_its_last_50_messages()
    {
        await using var alice = await EnterAsync("alice");
        for (var i = 0; i < 60; i++)
        {
            await SayAsync(alice, "general", $"{i}");
        }

        await using var bob = await ConnectAsync("bob");
        var state = await bob.ReceiveEventAsync<RoomState>("room_state");

        Assert.Equal(Enumerable.Range(10, 50).Select(i => $"{i}"), state.Messages.Select(message => message.Text));
        Assert.Equal(50, state.Messages.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_room_that_everybody_left_is_forgotten()
    {
        await using var alice = await EnterAsync("alice");
        await JoinAsync(alice, "tea");
        await SayAsync(alice, "tea", "Nobody here?");
        await LeaveAsync(alice, "tea");

        var rooms = await ListRoomsAsync(alice);
        var state = await JoinAsync(alice, "tea");

        Assert.Equal("""[{"name":"general","users":1}]""", rooms);
        Assert.Empty(state.Messages);
    }

    [Fact]
    public async Task Who_joins_amid_messages_misses_none_and_gets_none_twice()
    {
        await using var alice = await EnterAsync("alice");
        await using var bob = await EnterAsync("bob");
        await JoinAsync(alice, "tea");

        var talk = TalkAsync();
        var state = await JoinAsync(bob, "tea");
        await talk;
        var live = await bob.ReceiveAllAsync();

        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => $"{i}"),
            [
                .. state.Messages.Select(message => message.Text),
                .. live.Where(message => message.Typed?.Type == "chat").Select(message => message.Typed!.GetPayload<Message>()!.Text),
            ]);

        async Task TalkAsync()
        {
            for (var i = 0; i < 40; i++)
            {
                await SayAsync(alice, "tea", $"{i}");
            }
        }
    }

    [Fact]
    public async Task A_thousand_rooms_can_be_used_and_not_one_more()
    {
        var clients = new List<WebSocketTestClient>();
        for (var i = 0; i < 8; i++)
        {
            clients.Add(await EnterAsync($"user {i}"));
        }

        // "general" is the first of the thousand, and of the 128 that each client may be in.
        await Task.WhenAll(clients.Select((client, i) => JoinManyAsync(client, $"{i}", i < 7 ? 127 : 999 - (7 * 127))));
        var last = clients[7];

        Assert.Equal("too_many_rooms", await last.RefusedAsync("join_room", new { room = "one too many" }));
        Assert.Equal("too_many_rooms", await clients[0].RefusedAsync("join_room", new { room = "1/5" }));
        var existing = await JoinAsync(last, "6/126");
        await LeaveAsync(clients[0], "0/3");
        await JoinAsync(clients[0], "in its place");
        Assert.Equal(["user 6", "user 7"], existing.Users);
        Assert.Equal(1_000, existing.Rooms.Length);
        Assert.Equal("hello", (await SayAsync(last, "7/42", "hello")).Text);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        static async Task JoinManyAsync(WebSocketTestClient client, string prefix, int count)
        {
            for (var i = 0; i < count; i++)
            {
                await JoinAsync(client, $"{prefix}/{i}");
            }
        }
    }
}
