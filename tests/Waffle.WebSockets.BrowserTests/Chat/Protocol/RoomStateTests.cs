namespace Waffle.WebSockets.BrowserTests.Chat.Protocol;

public sealed class RoomStateTests(ChatServer server) : ServerTests<ChatServer>(server)
{
    [Fact]
    public async Task Who_connects_is_in_general_and_told_its_state()
    {
        await using var alice = await ChatClient.ConnectAsync(Server, "alice");

        var joined = await alice.ReceiveAsync();
        var state = await alice.ReceiveAsync();

        Assert.Equal("""{"name":"user_joined","data":{"room":"general","user":"alice"}}""", joined.Json);
        Assert.Equal(
            """{"name":"room_state","data":{"room":"general","users":["alice"],"rooms":["general"],"messages":[]}}""", state.Json);
    }

    [Fact]
    public async Task Each_join_is_answered_with_users_rooms_and_messages()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await alice.JoinAsync("tea");
        var said = await alice.SayAsync("tea", "Earl Grey?");

        var state = await bob.JoinAsync("tea");

        Assert.Equal(["alice", "bob"], state.List("users"));
        Assert.Equal(["general", "tea"], state.List("rooms").Order());
        Assert.Equal(said.Body.GetRawText(), Assert.Single(state.Body.GetProperty("messages").EnumerateArray()).GetRawText());
    }

    [Fact]
    public async Task Joining_a_room_again_tells_its_state_again_and_nothing_to_the_others()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await alice.ReceiveAllAsync();

        var state = await bob.JoinAsync("general");

        Assert.Equal(["alice", "bob"], state.List("users"));
        Assert.Empty(await alice.ReceiveAllAsync());
    }

    [Fact]
    public async Task A_room_remembers_its_last_50_messages()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        for (var i = 0; i < 60; i++)
        {
            await alice.SayAsync("general", $"{i}");
        }

        await using var bob = await ChatClient.ConnectAsync(Server, "bob");
        var state = await bob.ReceiveAsync("room_state");

        Assert.Equal(Enumerable.Range(10, 50).Select(i => $"{i}"), state.Messages("text"));
        Assert.Equal(50, state.Messages("id").Distinct().Count());
    }

    [Fact]
    public async Task A_room_that_everybody_left_is_forgotten()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await alice.JoinAsync("tea");
        await alice.SayAsync("tea", "Nobody here?");
        await alice.SendAsync("leave_room", new { room = "tea" });

        await alice.SendAsync("list_rooms", null);
        var rooms = await alice.ReceiveAsync("rooms");
        var state = await alice.JoinAsync("tea");

        Assert.Equal("""{"rooms":[{"name":"general","users":1}]}""", rooms.Body.GetRawText());
        Assert.Empty(state.Messages("text"));
    }

    [Fact]
    public async Task Who_joins_amid_messages_misses_none_and_gets_none_twice()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await alice.JoinAsync("tea");

        var talk = TalkAsync();
        await bob.SendAsync("join_room", new { room = "tea" });
        await talk;
        var received = await bob.ReceiveAllAsync();

        var state = received.Single(message => message.Kind == "room_state" && message["room"] == "tea");
        var live = received.Where(message => message.Kind == "chat").Select(message => message["text"]);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), [.. state.Messages("text"), .. live]);

        async Task TalkAsync()
        {
            for (var i = 0; i < 40; i++)
            {
                await alice.SayAsync("tea", $"{i}");
            }
        }
    }

    [Fact]
    public async Task A_thousand_rooms_can_be_used_and_not_one_more()
    {
        var clients = new List<ChatClient>();
        for (var i = 0; i < 8; i++)
        {
            clients.Add(await ChatClient.EnterAsync(Server, $"user {i}"));
        }

        // "general" is the first of the thousand, and of the 128 that each client may be in.
        await Task.WhenAll(clients.Select((client, i) => JoinManyAsync(client, $"{i}", i < 7 ? 127 : 999 - 7 * 127)));
        var last = clients[7];
        var tooMany = await last.RefusedAsync("join_room", new { room = "one too many" });
        var ownLimit = await clients[0].RefusedAsync("join_room", new { room = "1/5" });
        var existing = await last.JoinAsync("6/126");
        await clients[0].SendAsync("leave_room", new { room = "0/3" });
        await clients[0].JoinAsync("in its place");
        await last.SendAsync("list_rooms", null);
        var list = await last.ReceiveAsync("rooms");

        Assert.Equal("too_many_rooms", tooMany["code"]);
        Assert.Equal("too_many_rooms", ownLimit["code"]);
        Assert.Equal(["user 6", "user 7"], existing.List("users"));
        Assert.Equal(1_000, existing.List("rooms").Length);
        Assert.Equal(1_000, list.Body.GetProperty("rooms").GetArrayLength());
        Assert.Equal("hello", (await last.SayAsync("7/42", "hello"))["text"]);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        static async Task JoinManyAsync(ChatClient client, string prefix, int count)
        {
            for (var i = 0; i < count; i++)
            {
                await client.JoinAsync($"{prefix}/{i}");
            }
        }
    }
}
