using System.Globalization;
using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

public sealed partial class ConversationTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    private const string Markup = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>";

    [Fact]
    public async Task Two_people_see_each_others_messages_with_name_and_time()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");

        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined"]);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await Expect(bob.People).ToHaveTextAsync(["bob", "alice"]);
        await alice.SayAsync("Hello!");
        await Expect(bob.Texts).ToHaveTextAsync(["Hello!"]);
        await bob.SayAsync("Hi, alice");
        foreach (var page in new[] { alice, bob })
        {
            await Expect(page.Texts).ToHaveTextAsync(["Hello!", "Hi, alice"]);
            await Expect(page.Get("message-user")).ToHaveTextAsync(["alice", "bob"]);
            await Expect(page.Get("message-time")).ToHaveTextAsync([ClockTime(), ClockTime()]);
            var sent = await page.Get("message-time").First.GetAttributeAsync("datetime");
            var age = DateTimeOffset.UtcNow - DateTimeOffset.Parse(sent!, CultureInfo.InvariantCulture);
            Assert.InRange(age, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        }

        await Expect(bob.Get("announcer")).ToHaveTextAsync("alice: Hello!");
    }

    [Fact]
    public async Task Shift_and_Enter_start_a_new_line()
    {
        var alice = await EnterAsync("alice");

        await alice.Composer.FillAsync("one");
        await alice.Composer.PressAsync("Shift+Enter");
        await alice.Composer.PressSequentiallyAsync("two");
        await alice.Composer.PressAsync("Enter");

        await Expect(alice.Texts).ToHaveCountAsync(1);
        Assert.Equal("one\ntwo", await alice.Texts.TextContentAsync());
    }

    [Fact]
    public async Task A_text_that_is_too_long_cannot_be_sent_and_is_counted()
    {
        var alice = await EnterAsync("alice");

        await alice.Composer.FillAsync(new string('y', 4_012));
        await Expect(alice.Get("counter")).ToHaveTextAsync("12 characters too many");
        await Expect(alice.Get("send")).ToBeDisabledAsync();
        await alice.SayAsync(new string('y', 4_000));

        await Expect(alice.Texts).ToHaveTextAsync([new string('y', 4_000)]);
    }

    [Fact]
    public async Task HTML_in_names_rooms_and_messages_is_text()
    {
        const string Name = "<img src=x onerror=hacked=1>";
        var alice = await EnterAsync("alice");
        var mallory = await EnterAsync(Name);

        await mallory.SayAsync(Markup);
        await mallory.JoinAsync("<b onclick=hacked=1>room</b>");
        await mallory.SayAsync("in bold?");
        await alice.GoToAsync("<b onclick=hacked=1>room</b>");

        await Expect(alice.Texts).ToHaveTextAsync(["in bold?"]);
        await Expect(alice.People).ToHaveTextAsync(["alice", Name]);
        await Expect(mallory.Get("notice")).ToHaveTextAsync(["alice joined"]);
        await alice.GoToAsync("general");
        await Expect(alice.Texts).ToHaveTextAsync([Markup]);
        await Expect(alice.Get("message-user")).ToHaveTextAsync([Name]);
        var elements = alice.Page.Locator("#messages :is(img, script, b), #people-list :is(img, b), #room-list :is(img, b)");
        await Expect(elements).ToHaveCountAsync(0);
        Assert.False(await alice.Page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.False(await mallory.Page.EvaluateAsync<bool>("'hacked' in window"));
    }

    [Fact]
    public async Task A_page_that_crashes_vanishes_from_the_others_list_of_people()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);

        var crash = new TaskCompletionSource();
        bob.Page.Crash += (_, _) => crash.SetResult();
        var devTools = await bob.Page.Context.NewCDPSessionAsync(bob.Page);
        var command = devTools.SendAsync("Page.crash");
        await Task.WhenAny(crash.Task, command);

        await Expect(alice.People).ToHaveTextAsync(["alice"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined", "bob left"]);
    }

    [Fact]
    public async Task Two_tabs_of_one_person_count_once_and_leave_with_the_last()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");
        var tab = await OpenTabAsync(bob.Page.Context);
        await tab.EnterAsync("bob");

        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await tab.SayAsync("from the second tab");
        await Expect(bob.Texts).ToHaveTextAsync(["from the second tab"]);
        await bob.Page.CloseAsync();
        await tab.SayAsync("the first is closed");
        await Expect(alice.Texts).ToHaveTextAsync(["from the second tab", "the first is closed"]);
        await Expect(alice.People).ToHaveTextAsync(["alice", "bob"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined"]);

        await tab.Page.CloseAsync();
        await Expect(alice.People).ToHaveTextAsync(["alice"]);
        await Expect(alice.Get("notice")).ToHaveTextAsync(["bob joined", "bob left"]);
    }

    [GeneratedRegex(@"^\d\d?:\d\d$")]
    private static partial Regex ClockTime();
}
