using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

public sealed class KeyboardTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await bob.JoinAsync("tea");
        var page = await OpenAsync();
        var keyboard = page.Page.Keyboard;

        // The name, then straight to the message box.
        await Expect(page.Get("name-input")).ToBeFocusedAsync();
        await keyboard.TypeAsync("alice");
        await keyboard.PressAsync("Enter");
        await page.BeOnlineAsync();
        await Expect(page.Composer).ToBeFocusedAsync();
        await keyboard.TypeAsync("Hello!");
        await Expect(page.Get("send")).ToBeEnabledAsync();
        await keyboard.PressAsync("Enter");
        await Expect(page.Texts).ToHaveTextAsync(["Hello!"]);
        await Expect(page.Composer).ToBeFocusedAsync();

        // To the rooms: arrows move, Enter opens.
        await TabToAsync(page, "general", "Shift+Tab");
        await Expect(page.Room("tea")).ToBeVisibleAsync();
        await keyboard.PressAsync("ArrowDown");
        await Expect(page.Room("tea")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await page.SeeRoomAsync("tea");
        await Expect(page.Composer).ToBeFocusedAsync();

        // A new room.
        await TabToAsync(page, "room-input", "Shift+Tab");
        await keyboard.TypeAsync("coffee");
        await keyboard.PressAsync("Enter");
        await page.SeeRoomAsync("coffee");

        // And out of it.
        await TabToAsync(page, "leave-room", "Shift+Tab");
        await keyboard.PressAsync("Enter");
        await page.SeeRoomAsync("tea");
        await Expect(page.Composer).ToBeFocusedAsync();

        // Another name, after second thoughts.
        await TabToAsync(page, "change-name", "Shift+Tab");
        await keyboard.PressAsync("Enter");
        await Expect(page.Get("name-input")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(page.Get("name-input")).ToBeHiddenAsync();
        await Expect(page.Get("change-name")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_skip_link_is_seen_when_it_has_the_focus_and_leads_to_the_message_box()
    {
        var page = await EnterAsync("alice");
        var link = page.Page.GetByText("Skip to the message box");
        await Expect(link).Not.ToBeInViewportAsync();

        await link.FocusAsync();
        await Expect(link).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.Page.Keyboard.PressAsync("Enter");

        await Expect(page.Composer).ToBeFocusedAsync();
    }

    /// <summary>Presses a key until the control has the focus: a room, or whatever has this test id.</summary>
    private static async Task TabToAsync(ChatPage page, string control, string key)
    {
        for (var presses = 0; presses < 20; presses++)
        {
            await page.Page.Keyboard.PressAsync(key);
            var focused = await page.Page.EvaluateAsync<string?>(
                "document.activeElement.dataset.room ?? document.activeElement.dataset.testid ?? null");
            if (focused == control)
            {
                return;
            }
        }

        Assert.Fail($"{control} was not reached with {key}.");
    }
}
