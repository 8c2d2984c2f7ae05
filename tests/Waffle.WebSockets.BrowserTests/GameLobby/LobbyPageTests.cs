using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.GameLobby;

public sealed class LobbyPageTests(Browser browser, GameLobbyServer server) : PageTests<GameLobbyServer>(browser, server)
{
    [Fact]
    public async Task Two_players_meet_in_a_game_act_talk_and_part()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");
        await Expect(alice.Get("player-name")).ToHaveTextAsync(["alice", "bob"]);

        await alice.Get("game-name").FillAsync("chess");
        await alice.Get("start-game").ClickAsync();
        await Expect(alice.Get("game-id")).ToHaveTextAsync("chess");
        await Expect(bob.Get("player-name")).ToHaveTextAsync(["bob"]);
        await Expect(bob.Get("game-item")).ToContainTextAsync("1 player of 4");
        await bob.Get("join-game").ClickAsync();
        await Expect(bob.Get("game-id")).ToHaveTextAsync("chess");
        await Expect(alice.Get("player-name")).ToHaveTextAsync(["alice", "bob"]);

        await bob.Get("wave").ClickAsync();
        await Expect(alice.Get("line")).ToHaveTextAsync(["bob joined the game", "bob waved 👋"]);
        await alice.Get("text").FillAsync("Hi, bob");
        await alice.Get("text").PressAsync("Enter");
        await Expect(bob.Get("line")).ToHaveTextAsync(["bob waved 👋", "alice “Hi, bob”"]);

        await bob.Get("leave").ClickAsync();
        await Expect(bob.Get("lobby")).ToBeVisibleAsync();
        await Expect(alice.Get("line").Last).ToHaveTextAsync("bob left the game");
        await Expect(alice.Get("player-name")).ToHaveTextAsync(["alice"]);
        await alice.Get("leave").ClickAsync();
        await Expect(bob.Get("game-item")).ToHaveCountAsync(0);
        await Expect(bob.Get("player-name")).ToHaveTextAsync(["alice", "bob"]);
    }

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using var bob = await Server.PlayAsync("bob", "chess");
        var alice = await OpenSampleAsync();
        var keyboard = alice.Page.Keyboard;

        await Expect(alice.Get("player")).ToBeFocusedAsync();
        await keyboard.TypeAsync("alice");
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#lobby-title")).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await Expect(alice.Get("join-game")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#game-title")).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Tab");
        await Expect(alice.Get("roll")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");

        Assert.Equal("alice", (await bob.ReceiveAsync("player_joined"))["player"]);
        Assert.Equal("roll", (await bob.ReceiveAsync("game_action"))["action"]);
        await keyboard.PressAsync("Shift+Tab");
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#lobby-title")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Names_and_actions_of_others_are_shown_as_text()
    {
        const string Id = "\"},{\"player\":\"<img src=x onerror=window.hacked=1>";
        var alice = await EnterAsync("alice");
        await StartGameAsync(alice, "<b>chess</b>");
        await using var mallory = await Server.PlayAsync(Id, "<b>chess</b>");

        await mallory.SendAsync("chat", new { text = "<script>window.hacked=1</script>" });
        await mallory.SendAsync("game_action", new { action = "roll", value = "<img src=x onerror=window.hacked=1>" });
        await mallory.SendAsync("""{"type":"game_action","payload":null}""");

        await Expect(alice.Get("line")).ToHaveTextAsync(
        [
            $"{Id} joined the game",
            $"{Id} “<script>window.hacked=1</script>”",
            $"{Id} rolled NaN",
            $"{Id} did something that this page does not know",
        ]);
        await Expect(alice.Get("game-id")).ToHaveTextAsync("<b>chess</b>");
        await Expect(alice.Get("player-name")).ToHaveTextAsync([Id, "alice"]);
        Assert.False(await alice.Page.EvaluateAsync<bool>("'hacked' in window"));
    }

    [Fact]
    public async Task A_full_game_cannot_be_joined()
    {
        var alice = await EnterAsync("alice");
        await using var one = await Server.PlayAsync("1", "chess");
        await using var two = await Server.PlayAsync("2", "chess");
        await using var three = await Server.PlayAsync("3", "chess");
        await using var four = await Server.PlayAsync("4", "chess");

        await Expect(alice.Get("game-item")).ToContainTextAsync("4 players of 4");
        await Expect(alice.Get("join-game")).ToBeDisabledAsync();
        await alice.Get("game-name").FillAsync("chess");
        await alice.Get("game-name").PressAsync("Enter");
        await Expect(alice.Get("problem")).ToContainTextAsync("at most 4 players");
        await Expect(alice.Get("lobby")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task After_the_servers_death_and_return_players_are_back_in_their_game()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");
        await StartGameAsync(alice, "chess");
        await bob.Get("join-game").ClickAsync();
        await Expect(alice.Get("player-name")).ToHaveTextAsync(["alice", "bob"]);

        await Server.KillAsync();
        await alice.BeOfflineAsync();
        await bob.BeOfflineAsync();
        await Server.StartAgainAsync();

        await alice.BeOnlineAsync();
        await bob.BeOnlineAsync();
        await Expect(alice.Get("player-name")).ToHaveTextAsync(["alice", "bob"]);
        await Expect(bob.Get("game-id")).ToHaveTextAsync("chess");
        await alice.Get("wave").ClickAsync();
        await Expect(bob.Get("line").Last).ToHaveTextAsync("alice waved 👋");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_fits_on_a_phone(ColorScheme scheme)
    {
        await using var priya = await Server.PlayAsync("Priya", "chess");
        await using var tomas = await Server.PlayAsync("Tomás", new string('W', 32));
        await using var layla = await Server.EnterAsync("ليلى");
        await using var long32 = await Server.EnterAsync(new string('M', 32));
        var page = await OpenSampleAsync("/", Phone.Options(scheme));
        await page.TakePictureAsync($"lobby-name-{scheme}");
        await page.Get("player").FillAsync("alice");
        await page.Get("enter").TapAsync();
        await Expect(page.Get("lobby")).ToBeVisibleAsync();
        await layla.SendAsync("chat", new { text = "صباح الخير" });
        await Expect(page.Get("line")).ToHaveCountAsync(1);
        await Phone.FitAsync(page);
        await page.TakePictureAsync($"lobby-phone-{scheme}");

        await page.Get("join-game").Last.TapAsync();
        await Expect(page.Get("game")).ToBeVisibleAsync();
        await page.Get("roll").TapAsync();
        await priya.SendAsync("game_action", new { action = "wave" });
        await priya.SendAsync("chat", new { text = new string('W', 300) });
        await priya.SendAsync("chat", new { text = "Your move!" });
        await Expect(page.Get("line")).ToHaveCountAsync(4);
        await Phone.FitAsync(page);
        await page.TakePictureAsync($"lobby-game-phone-{scheme}");
        await page.Page.SetViewportSizeAsync(1280, 800);
        await page.TakePictureAsync($"lobby-game-desktop-{scheme}");
        await Server.KillAsync();
        await page.BeOfflineAsync();
        await page.TakePictureAsync($"lobby-offline-{scheme}");
    }

    private static async Task StartGameAsync(SamplePage page, string game)
    {
        await page.Get("game-name").FillAsync(game);
        await page.Get("start-game").ClickAsync();
        await Expect(page.Get("game-id")).ToHaveTextAsync(game);
    }

    private async Task<SamplePage> EnterAsync(string player)
    {
        var page = await OpenSampleAsync();
        await page.Get("player").FillAsync(player);
        await page.Get("enter").ClickAsync();
        await Expect(page.Get("lobby")).ToBeVisibleAsync();
        return page;
    }
}
