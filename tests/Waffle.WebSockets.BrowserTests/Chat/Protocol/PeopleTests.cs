namespace Waffle.WebSockets.BrowserTests.Chat.Protocol;

public sealed class PeopleTests(ChatServer server) : ServerTests<ChatServer>(server)
{
    [Fact]
    public async Task Two_tabs_of_one_user_count_once()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var first = await ChatClient.EnterAsync(Server, "bob");
        await using var second = await ChatClient.ConnectAsync(Server, "bob");
        var state = await second.ReceiveAsync("room_state");

        Assert.Equal(["alice", "bob"], state.List("users"));
        Assert.Equal(["user_joined"], (await alice.ReceiveAllAsync()).Select(message => message.Kind));

        await first.CloseAsync();
        await second.SayAsync("general", "still here");
        Assert.Equal(["chat"], (await alice.ReceiveAllAsync()).Select(message => message.Kind));

        await second.CloseAsync();
        Assert.Equal("""{"room":"general","user":"bob"}""", (await alice.ReceiveAsync("user_left")).Body.GetRawText());
        Assert.Empty(await alice.ReceiveAllAsync());
    }

    [Fact]
    public async Task A_tab_that_leaves_a_room_leaves_it_to_the_users_other_tabs()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var first = await ChatClient.EnterAsync(Server, "bob");
        await using var second = await ChatClient.EnterAsync(Server, "bob");
        await alice.JoinAsync("tea");
        await first.JoinAsync("tea");
        await second.JoinAsync("tea");
        await alice.ReceiveAllAsync();

        await first.SendAsync("leave_room", new { room = "tea" });
        await first.ReceiveAllAsync();
        await second.SayAsync("tea", "one tab is enough");
        Assert.Equal(["chat"], (await alice.ReceiveAllAsync()).Select(message => message.Kind));
        Assert.DoesNotContain(await first.ReceiveAllAsync(), message => message.Kind == "chat");

        await second.SendAsync("leave_room", new { room = "tea" });
        Assert.Equal("""{"room":"tea","user":"bob"}""", (await alice.ReceiveAsync("user_left")).Body.GetRawText());
    }

    [Fact]
    public async Task Who_is_gone_without_a_word_has_left_all_rooms()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await bob.JoinAsync("tea");
        await alice.JoinAsync("tea");
        await alice.ReceiveAllAsync();

        bob.Abort();

        var left = new[] { await alice.ReceiveAsync(), await alice.ReceiveAsync() };
        Assert.All(left, message => Assert.Equal(("user_left", "bob"), (message.Kind, message["user"])));
        Assert.Equal(["general", "tea"], left.Select(message => message["room"]).Order());
        await alice.SendAsync("list_rooms", null);
        Assert.All(
            (await alice.ReceiveAsync("rooms")).Body.GetProperty("rooms").EnumerateArray(),
            room => Assert.Equal(1, room.GetProperty("users").GetInt32()));
    }

    [Fact]
    public async Task A_server_that_stops_says_so_to_everybody()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");

        await Server.StopAsync();

        await alice.EndAsync();
        Assert.True(alice.CloseCode is 1001 or 1012, $"It said {alice.CloseCode}.");
    }

    [Fact]
    public async Task Without_a_name_one_is_anonymous()
    {
        await using var nobody = await ChatClient.ConnectAsync(Server, user: null);

        Assert.Equal(["anonymous"], (await nobody.ReceiveAsync("room_state")).List("users"));
    }
}
