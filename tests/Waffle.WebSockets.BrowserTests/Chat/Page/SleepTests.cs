using Microsoft.Playwright;
using Waffle.WebSockets.TestKit;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

/// <summary>A page that the browser holds up, or keeps for the Back button: what was said meanwhile is there afterwards, once.</summary>
public sealed class SleepTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task What_was_said_while_the_page_stood_still_is_there_when_it_goes_on()
    {
        var (alice, bob) = await EnterBothAsync();
        var debugging = await bob.Page.Context.NewCDPSessionAsync(bob.Page);
        var stoodStill = new TaskCompletionSource();
        debugging.Event("Debugger.paused").OnEvent += (_, _) => stoodStill.TrySetResult();

        // A page that is visible can't be frozen; but it runs as little while a debugger holds it.
        await debugging.SendAsync("Debugger.enable");
        await debugging.SendAsync("Debugger.pause");
        await alice.SayAsync("missed 1");
        await stoodStill.Task.Soon();
        await alice.SayAsync("missed 2");
        await Expect(alice.Texts).ToHaveTextAsync(["before", "missed 1", "missed 2"]);
        await debugging.SendAsync("Debugger.disable");

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
