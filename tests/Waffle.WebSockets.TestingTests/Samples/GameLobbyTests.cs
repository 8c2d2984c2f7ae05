extern alias lobby;

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.TestHost;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Samples;

public sealed class GameLobbyTests : IAsyncDisposable
{
    private readonly SampleFactory<lobby::Program> _lobby = new();

    public ValueTask DisposeAsync() => _lobby.DisposeAsync();

    [Fact]
    public async Task Who_joins_is_told_so_and_the_others_in_the_game_hear_of_it()
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var bob = await EnterAsync("bob");

        await bob.SendMessageAsync("join_game", new { game_id = "chess" });

        Assert.Equal("""{"type":"joined","payload":{"game_id":"chess"}}""", await bob.ReceiveTextOfAsync("joined"));
        Assert.Equal("""{"type":"player_joined","player":"bob"}""", await alice.ReceiveTextOfAsync("player_joined"));
        Assert.Equal(["alice", "bob"], (await alice.ReceiveEventAsync<Game>("game")).Players);
    }

    [Fact]
    public async Task The_lobby_lists_its_players_and_the_games()
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var bob = await ConnectAsync("bob");

        Assert.Equal(
            """{"name":"lobby","data":{"players":["bob"],"games":[{"game_id":"chess","players":["alice"]}],"players_per_game":4}}""",
            await bob.ReceiveTextAsync());
    }

    [Fact]
    public async Task An_action_reaches_everybody_in_the_game_as_it_was_sent_and_with_its_player()
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var bob = await PlayAsync("bob", "chess");
        await using var carol = await PlayAsync("carol", "go");

        await bob.SendTextAsync("""{"type":"game_action","payload":{"move":"e2e4","player":"alice","n":1.0},"id":"7"}""");
        await bob.SendTextAsync("""{"type":"game_action"}""");

        foreach (var player in new[] { alice, bob })
        {
            Assert.Equal(
                """{"type":"game_action","payload":{"move":"e2e4","player":"alice","n":1.0},"id":"7","player":"bob"}""",
                await player.ReceiveTextOfAsync("game_action"));
            Assert.Equal("""{"type":"game_action","player":"bob"}""", await player.ReceiveTextOfAsync("game_action"));
        }

        await carol.ReceiveNothingAsync();
    }

    [Fact]
    public async Task A_game_that_one_is_not_in_cannot_be_acted_in()
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var bob = await EnterAsync("bob");

        Assert.Equal("not_in_game", await bob.RefusedAsync("game_action", new { move = "e2e4" }));
        Assert.Equal("not_in_game", await bob.RefusedAsync("game_action", new { game_id = "chess", move = "e2e4" }));
        await bob.SendMessageAsync("join_game", new { game_id = "go" });
        Assert.Equal("not_in_game", await bob.RefusedAsync("game_action", new { game_id = "chess", move = "e2e4" }));
        await bob.SendMessageAsync("game_action", new { game_id = "go", move = "d4" });

        Assert.Equal(new Move("d4"), await bob.ReceiveMessageAsync<Move>("game_action"));
        await alice.ReceiveNothingAsync();
    }

    [Fact]
    public async Task Who_left_the_game_hears_nothing_of_it_and_is_in_the_lobby()
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var bob = await PlayAsync("bob", "chess");
        await alice.ReceiveAllAsync();

        await bob.SendMessageAsync("leave_game");

        Assert.Equal("""{"type":"player_left","player":"bob"}""", await alice.ReceiveTextOfAsync("player_left"));
        Assert.Equal(["alice"], (await alice.ReceiveEventAsync<Game>("game")).Players);
        Assert.Contains("bob", (await bob.ReceiveEventAsync<LobbyState>("lobby")).Players);
        Assert.Equal("not_in_game", await bob.RefusedAsync("game_action", null));
        await bob.ReceiveNothingAsync();
    }

    [Fact]
    public async Task Who_is_gone_without_a_word_has_left_the_game()
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var bob = await PlayAsync("bob", "chess");
        await alice.ReceiveAllAsync();

        bob.Abort();

        Assert.Equal("""{"type":"player_left","player":"bob"}""", await alice.ReceiveTextOfAsync("player_left"));
        Assert.Equal(["alice"], (await alice.ReceiveEventAsync<Game>("game")).Players);
    }

    [Fact]
    public async Task Chat_reaches_those_in_the_same_place()
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var bob = await PlayAsync("bob", "chess");
        await using var carol = await EnterAsync("carol");
        await alice.ReceiveAllAsync();

        await carol.SendMessageAsync("chat", new { text = "Anybody here?" });
        await bob.SendMessageAsync("chat", new { text = "Hello!" });

        Assert.Equal("""{"player":"bob","text":"Hello!"}""", await alice.ReceiveTextAsync());
        Assert.Equal("""{"player":"carol","text":"Anybody here?"}""", await carol.ReceiveTextAsync());
        Assert.Equal("invalid_text", await bob.RefusedAsync("chat", new { text = "" }));
        await alice.ReceiveNothingAsync();
    }

    [Fact]
    public async Task A_game_has_a_name_and_four_players_and_who_is_refused_stays_where_they_were()
    {
        await using var bob = await PlayAsync("bob", "go");
        await using var one = await PlayAsync("1", "chess");
        await using var two = await PlayAsync("2", "chess");
        await using var three = await PlayAsync("3", "chess");
        await using var four = await PlayAsync("4", "chess");

        foreach (var game in new[] { "chess", "", new string('y', 33), "bell\a", null })
        {
            Assert.Equal("game_refused", await bob.RefusedAsync("join_game", new { game_id = game }));
        }

        await bob.SendMessageAsync("game_action", new { game_id = "go", move = "d4" });
        Assert.Equal(new Move("d4"), await bob.ReceiveMessageAsync<Move>("game_action"));
    }

    [Fact]
    public async Task An_unknown_command_is_answered()
    {
        await using var alice = await EnterAsync("alice");

        var error = await Assert.ThrowsAsync<ErrorReplyException>(() => alice.RequestAsync<object>("dance"));

        Assert.Equal(("unknown_command", "unknown command: dance"), (error.Code, error.Text));
    }

    [Theory]
    [InlineData("\"},{\"player\":\"bob")]
    [InlineData("x\",\"type\":\"joined\",\"payload\":{\"game_id\":\"chess\"},\"y\":\"")]
    [InlineData("\\\"\\u0022\\")]
    [InlineData("<script>window.hacked=1</script>")]
    public async Task A_players_id_is_a_text_whatever_it_holds(string id)
    {
        await using var alice = await PlayAsync("alice", "chess");
        await using var mallory = await PlayAsync(id, "chess");

        using var joined = JsonDocument.Parse(await alice.ReceiveTextOfAsync("player_joined"));
        Assert.Equal(["type", "player"], joined.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(id, joined.RootElement.GetProperty("player").GetString());
        Assert.Equal(new[] { "alice", id }.Order(StringComparer.Ordinal), (await alice.ReceiveEventAsync<Game>("game")).Players);

        await mallory.SendMessageAsync("game_action", new Move("e2e4"));
        using var action = JsonDocument.Parse(await alice.ReceiveTextOfAsync("game_action"));
        Assert.Equal(["type", "payload", "player"], action.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(id, action.RootElement.GetProperty("player").GetString());
    }

    private Task<WebSocketTestClient> ConnectAsync(string player) =>
        _lobby.Server.ConnectWebSocketAsync($"/ws/game?player_id={Uri.EscapeDataString(player)}");

    /// <summary>Connects a player who is in the lobby, and was told so.</summary>
    private async Task<WebSocketTestClient> EnterAsync(string player)
    {
        var client = await ConnectAsync(player);
        await client.ReceiveEventAsync("lobby");
        return client;
    }

    /// <summary>Connects a player who joins a game, and was told so.</summary>
    private async Task<WebSocketTestClient> PlayAsync(string player, string game)
    {
        var client = await EnterAsync(player);
        await client.SendMessageAsync("join_game", new { game_id = game });
        await client.ReceiveMessageAsync("joined");
        await client.ReceiveAllAsync();
        return client;
    }

    private sealed record Game(string GameId, string[] Players);

    private sealed record LobbyState(string[] Players);

    private sealed record Move([property: JsonPropertyName("move")] string Name);
}
