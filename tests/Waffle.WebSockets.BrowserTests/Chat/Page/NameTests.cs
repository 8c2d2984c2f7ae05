using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

public sealed class NameTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task A_name_that_cannot_be_is_refused_by_the_page_and_by_the_server()
    {
        var page = await OpenAsync();
        (string Name, string Why)[] names =
        [
            ("", "Please type a name."),
            ("   ", "Please type a name."),
            ("bell\a", "A name cannot contain control characters."),
        ];
        foreach (var (name, why) in names)
        {
            await page.Get("name-input").FillAsync(name);
            await page.Get("name-submit").ClickAsync();
            await Expect(page.Get("name-error")).ToHaveTextAsync(why);
            await Expect(page.Get("name-input")).ToBeFocusedAsync();

            var outcome = await page.Page.EvaluateAsync<string>(
                """
                name => new Promise(resolve => {
                  const ws = new WebSocket(`/ws?user=${encodeURIComponent(name)}`);
                  ws.onopen = () => resolve('open');
                  ws.onclose = event => resolve(`closed with ${event.code}`);
                })
                """,
                name);
            Assert.Equal("closed with 1006", outcome);
        }
    }

    [Fact]
    public async Task The_page_takes_no_more_than_32_characters_of_a_name()
    {
        var page = await OpenAsync();

        await page.Get("name-input").PressSequentiallyAsync(new string('n', 32) + "!");

        await Expect(page.Get("name-input")).ToHaveValueAsync(new string('n', 32));
    }

    [Fact]
    public async Task The_address_may_suggest_a_name_and_the_question_cannot_be_dismissed()
    {
        var page = await OpenAsync(path: "/?user=ali");

        await Expect(page.Get("name-input")).ToHaveValueAsync("ali");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Get("name-input")).ToBeVisibleAsync();
        await page.EnterAsync("alice");

        await Expect(page.Page).ToHaveURLAsync(new Uri(Server.Address, "/").ToString());
    }

    [Fact]
    public async Task A_name_can_be_changed()
    {
        var alice = await EnterAsync("alice");
        var bob = await EnterAsync("bob");

        await bob.Get("change-name").ClickAsync();
        await bob.EnterAsync("robert");

        await Expect(bob.Get("me")).ToHaveTextAsync("robert");
        await Expect(alice.People).ToHaveTextAsync(["alice", "robert"]);
    }
}
