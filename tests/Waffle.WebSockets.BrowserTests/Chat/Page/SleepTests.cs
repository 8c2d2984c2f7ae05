using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

/// <summary>A page that the browser freezes, or keeps for the Back button: what was said meanwhile is there afterwards, once.</summary>
public sealed class SleepTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task What_was_said_while_the_page_was_frozen_is_there_when_it_goes_on()
    {
        var (alice, bob) = await EnterBothAsync();
        var debugging = await bob.Page.Context.NewCDPSessionAsync(bob.Page);

        await SetStateAsync(debugging, "frozen");
        await alice.SayAsync("missed 1");
        await alice.SayAsync("missed 2");
        await Expect(alice.Texts).ToHaveTextAsync(["before", "missed 1", "missed 2"]);
        await SetStateAsync(debugging, "active");

        await Expect(bob.Texts).ToHaveTextAsync(["before", "missed 1", "missed 2"]);
        await alice.SayAsync("after");
        await Expect(bob.Texts).ToHaveTextAsync(["before", "missed 1", "missed 2", "after"]);
        await Expect(bob.Get("gap")).ToHaveCountAsync(0);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
    }

    [Fact]
    public async Task A_page_that_comes_back_from_the_browsers_cache_does_not_trust_its_socket()
    {
        var isDead = false;
        var (alice, bob) = await EnterBothAsync(async page => await page.RouteWebSocketAsync("**/ws?*", browserSide =>
        {
            // The first socket dies and looks open; the next ones live.
            var dies = !isDead;
            var serverSide = browserSide.ConnectToServer();
            serverSide.OnMessage(frame =>
            {
                if (!(dies && isDead))
                {
                    browserSide.Send(frame.Text!);
                }
            });
        }));
        isDead = true;
        await alice.SayAsync("missed");
        await Expect(alice.Texts).ToHaveTextAsync(["before", "missed"]);

        await bob.Page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        await Expect(bob.Texts).ToHaveTextAsync(["before", "missed"]);
        await alice.SayAsync("after");
        await Expect(bob.Texts).ToHaveTextAsync(["before", "missed", "after"]);
    }

    private static Task SetStateAsync(ICDPSession debugging, string state) =>
        debugging.SendAsync("Page.setWebLifecycleState", new Dictionary<string, object> { ["state"] = state });

    private async Task<(ChatPage Alice, ChatPage Bob)> EnterBothAsync(Func<IPage, Task>? configureBob = null)
    {
        var alice = await EnterAsync("alice");
        var bob = await OpenAsync();
        if (configureBob is not null)
        {
            await configureBob(bob.Page);
            await bob.Page.ReloadAsync();
        }

        await bob.EnterAsync("bob");
        await alice.SayAsync("before");
        await Expect(bob.Texts).ToHaveTextAsync(["before"]);
        return (alice, bob);
    }
}
