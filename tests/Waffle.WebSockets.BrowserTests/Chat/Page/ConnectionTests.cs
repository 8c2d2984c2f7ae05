using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

public sealed class ConnectionTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task After_the_servers_death_and_return_all_come_back_by_themselves_and_nothing_is_there_twice()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");
        await alice.JoinAsync("tea");
        await bob.GoToAsync("tea");
        await alice.SayAsync("before");
        await Expect(bob.Texts).ToHaveTextAsync(["before"]);

        await Server.KillAsync();
        await alice.BeOfflineAsync();
        await bob.BeOfflineAsync();
        await Expect(alice.Get("banner")).ToBeVisibleAsync();
        await alice.Composer.FillAsync("typed meanwhile");
        await Expect(alice.Get("send")).ToBeDisabledAsync();
        await Server.StartAgainAsync();
        await alice.BeOnlineAsync();
        await bob.BeOnlineAsync();

        await Expect(alice.Get("banner")).ToBeHiddenAsync();
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await Expect(alice.Composer).ToHaveValueAsync("typed meanwhile");
        await Expect(alice.Get("send")).ToBeEnabledAsync();
        await alice.Composer.PressAsync("Enter");
        await bob.SayAsync("and on");
        await Expect(bob.Texts).ToHaveTextAsync(["before", "typed meanwhile", "and on"]);
        await Expect(alice.Texts).ToHaveTextAsync(["before", "typed meanwhile", "and on"]);
        await Expect(alice.Get("gap")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_server_that_is_stopped_says_why()
    {
        var alice = await EnterAsync("alice");

        await Server.StopAsync();

        await alice.BeOfflineAsync();
        await Expect(alice.Get("banner")).ToContainTextAsync("The server is");
    }

    [Fact]
    public async Task What_was_missed_without_a_network_is_there_once_afterwards()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");
        await alice.SayAsync("before");
        await Expect(bob.Texts).ToHaveTextAsync(["before"]);

        await bob.Page.Context.SetOfflineAsync(true);
        await bob.BeOfflineAsync();
        await Expect(alice.People).ToHaveTextAsync(["alice"]);
        await alice.SayAsync("missed 1");
        await alice.SayAsync("missed 2");
        await Expect(alice.Texts).ToHaveTextAsync(["before", "missed 1", "missed 2"]);
        await bob.Page.Context.SetOfflineAsync(false);
        await bob.BeOnlineAsync();
        await alice.SayAsync("after");

        await Expect(bob.Texts).ToHaveTextAsync(["before", "missed 1", "missed 2", "after"]);
        await Expect(bob.Get("gap")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task When_more_was_missed_than_the_server_remembers_the_gap_is_shown()
    {
        var bob = await EnterAsync("bob");
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await alice.SayAsync("general", "before");
        await Expect(bob.Texts).ToHaveTextAsync(["before"]);

        await bob.Page.Context.SetOfflineAsync(true);
        await bob.BeOfflineAsync();
        await alice.ReceiveAsync("user_left");
        for (var i = 0; i < 60; i++)
        {
            await alice.SayAsync("general", $"{i}");
        }

        await bob.Page.Context.SetOfflineAsync(false);

        await Expect(bob.Texts).ToHaveTextAsync(["before", .. Enumerable.Range(10, 50).Select(i => $"{i}")]);
        await Expect(bob.Get("gap")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_message_that_was_lost_with_its_connection_is_given_back_to_its_author()
    {
        var bob = await EnterAsync("bob");
        var alice = await OpenAsync();
        var loses = true;
        await alice.Page.RouteWebSocketAsync("**/ws?*", browserSide =>
        {
            var serverSide = browserSide.ConnectToServer();
            browserSide.OnMessage(frame =>
            {
                if (loses && frame.Text!.Contains("\"type\":\"chat\"", StringComparison.Ordinal))
                {
                    loses = false;
                    _ = browserSide.CloseAsync(new() { Code = 3000 });
                    _ = serverSide.CloseAsync();
                }
                else
                {
                    serverSide.Send(frame.Text!);
                }
            });
        });
        await alice.Page.ReloadAsync();
        await alice.EnterAsync("alice");

        await alice.Composer.FillAsync("Is this thing on?");
        await alice.Composer.PressAsync("Enter");

        await Expect(alice.Get("error")).ToContainTextAsync("Send it again?");
        await Expect(alice.Composer).ToHaveValueAsync("Is this thing on?");
        await Expect(alice.Get("send")).ToBeEnabledAsync();
        await alice.Composer.PressAsync("Enter");
        await Expect(bob.Texts).ToHaveTextAsync(["Is this thing on?"]);
        await Expect(alice.Texts).ToHaveTextAsync(["Is this thing on?"]);
        await Expect(alice.Get("error")).ToBeHiddenAsync();
    }
}
