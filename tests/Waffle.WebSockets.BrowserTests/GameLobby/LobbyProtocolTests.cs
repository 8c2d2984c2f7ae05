using System.Text.Json;

namespace Waffle.WebSockets.BrowserTests.GameLobby;

public sealed class LobbyProtocolTests(GameLobbyServer server) : ServerTests<GameLobbyServer>(server)
{
    [Fact]
    public async Task Who_joins_is_told_so_and_the_others_in_the_game_hear_of_it()
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var bob = await Server.EnterAsync("bob");

        await bob.SendAsync("join_game", new { game_id = "chess" });

        Assert.Equal("""{"type":"joined","payload":{"game_id":"chess"}}""", (await bob.ReceiveAsync("joined")).Json);
        Assert.Equal("""{"type":"player_joined","player":"bob"}""", (await alice.ReceiveAsync("player_joined")).Json);
        Assert.Equal(["alice", "bob"], (await alice.ReceiveAsync("game")).List("players"));
    }

    [Fact]
    public async Task The_lobby_lists_its_players_and_the_games()
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var bob = await SampleClient.ConnectAsync(Server.PlayerAddress("bob"));

        // The observer before this test may be leaving still.
        Received lobby;
        do
        {
            lobby = await bob.ReceiveAsync("lobby");
        }
        while (lobby.List("players").Contains("observer"));

        Assert.Equal(
            """{"players":["bob"],"games":[{"game_id":"chess","players":["alice"]}],"players_per_game":4}""", lobby.Body.GetRawText());
    }

    [Fact]
    public async Task An_action_reaches_everybody_in_the_game_as_it_was_sent_and_with_its_player()
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var bob = await Server.PlayAsync("bob", "chess");
        await using var carol = await Server.PlayAsync("carol", "go");

        await bob.SendAsync("""{"type":"game_action","payload":{"move":"e2e4","player":"alice","n":1.0},"id":"7"}""");
        await bob.SendAsync("""{"type":"game_action"}""");

        foreach (var player in new[] { alice, bob })
        {
            Assert.Equal(
                """{"type":"game_action","payload":{"move":"e2e4","player":"alice","n":1.0},"id":"7","player":"bob"}""",
                (await player.ReceiveAsync("game_action")).Json);
            Assert.Equal("""{"type":"game_action","player":"bob"}""", (await player.ReceiveAsync("game_action")).Json);
        }

        await carol.SendAsync("chat", new { text = "quiet here" });
        Assert.Equal("quiet here", (await carol.ReceiveAsync())["text"]);
    }

    [Fact]
    public async Task A_game_that_one_is_not_in_cannot_be_acted_in()
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var bob = await Server.EnterAsync("bob");

        Assert.Equal("not_in_game", (await bob.RefusedAsync("game_action", new { move = "e2e4" }))["code"]);
        Assert.Equal("not_in_game", (await bob.RefusedAsync("game_action", new { game_id = "chess", move = "e2e4" }))["code"]);
        await bob.SendAsync("join_game", new { game_id = "go" });
        Assert.Equal("not_in_game", (await bob.RefusedAsync("game_action", new { game_id = "chess", move = "e2e4" }))["code"]);
        await bob.SendAsync("game_action", new { game_id = "go", move = "d4" });
        Assert.Equal("d4", (await bob.ReceiveAsync("game_action"))["move"]);

        await alice.SendAsync("game_action", new { move = "mine" });
        Assert.Equal("mine", (await alice.ReceiveAsync("game_action"))["move"]);
    }

    [Fact]
    public async Task Who_left_the_game_hears_nothing_of_it_and_is_in_the_lobby()
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var bob = await Server.PlayAsync("bob", "chess");

        await bob.SendAsync("leave_game", null);

        Assert.Equal("""{"type":"player_left","player":"bob"}""", (await alice.ReceiveAsync("player_left")).Json);
        Assert.Equal(["alice"], (await alice.ReceiveAsync("game")).List("players"));
        Assert.Contains("bob", (await bob.ReceiveAsync("lobby")).List("players"));
        Assert.Equal("not_in_game", (await bob.RefusedAsync("game_action", null))["code"]);
    }

    [Fact]
    public async Task Who_is_gone_without_a_word_has_left_the_game()
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var bob = await Server.PlayAsync("bob", "chess");

        bob.Abort();

        Assert.Equal("""{"type":"player_left","player":"bob"}""", (await alice.ReceiveAsync("player_left")).Json);
        Assert.Equal(["alice"], (await alice.ReceiveAsync("game")).List("players"));
    }

    [Fact]
    public async Task Chat_reaches_those_in_the_same_place()
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var bob = await Server.PlayAsync("bob", "chess");
        await using var carol = await Server.EnterAsync("carol");

        await carol.SendAsync("chat", new { text = "Anybody here?" });
        await bob.SendAsync("chat", new { text = "Hello!" });

        Assert.Equal("""{"player":"bob","text":"Hello!"}""", (await alice.ReceiveAsync(string.Empty)).Json);
        Assert.Equal("""{"player":"carol","text":"Anybody here?"}""", (await carol.ReceiveAsync(string.Empty)).Json);
        Assert.Equal("invalid_text", (await bob.RefusedAsync("chat", new { text = "" }))["code"]);
    }

    [Fact]
    public async Task A_game_has_a_name_and_four_players_and_who_is_refused_stays_where_they_were()
    {
        await using var bob = await Server.PlayAsync("bob", "go");
        await using var one = await Server.PlayAsync("1", "chess");
        await using var two = await Server.PlayAsync("2", "chess");
        await using var three = await Server.PlayAsync("3", "chess");
        await using var four = await Server.PlayAsync("4", "chess");

        foreach (var game in new[] { "chess", "", new string('y', 33), "bell\a", null })
        {
            Assert.Equal("game_refused", (await bob.RefusedAsync("join_game", new { game_id = game }))["code"]);
        }

        await bob.SendAsync("game_action", new { game_id = "go" });
        Assert.Equal("go", (await bob.ReceiveAsync("game_action"))["game_id"]);
    }

    [Fact]
    public async Task An_unknown_command_is_answered()
    {
        await using var alice = await Server.EnterAsync("alice");

        var error = await alice.RefusedAsync("dance", null);

        Assert.Equal(("unknown_command", "unknown command: dance"), (error["code"], error["message"]));
    }

    [Theory]
    [InlineData("\"},{\"player\":\"bob")]
    [InlineData("x\",\"type\":\"joined\",\"payload\":{\"game_id\":\"chess\"},\"y\":\"")]
    [InlineData("\\\"\\u0022\\")]
    [InlineData("<script>window.hacked=1</script>")]
    public async Task A_players_id_is_a_text_whatever_it_holds(string id)
    {
        await using var alice = await Server.PlayAsync("alice", "chess");
        await using var mallory = await Server.PlayAsync(id, "chess");

        var joined = await alice.ReceiveAsync("player_joined");
        Assert.Equal(["type", "player"], joined.Body.EnumerateObject().Select(property => property.Name));
        Assert.Equal(id, joined["player"]);
        Assert.Equal(new[] { "alice", id }.Order(StringComparer.Ordinal), (await alice.ReceiveAsync("game")).List("players"));

        await mallory.SendAsync("game_action", new { move = "e2e4" });
        using var action = JsonDocument.Parse((await alice.ReceiveAsync("game_action")).Json);
        Assert.Equal(["type", "payload", "player"], action.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(id, action.RootElement.GetProperty("player").GetString());
    }
}
