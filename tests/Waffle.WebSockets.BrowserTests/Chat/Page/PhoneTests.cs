using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

public sealed class PhoneTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task At_360_pixels_nothing_is_wider_than_the_screen()
    {
        var page = await OpenAsync(Phone());
        await FitAsync(page);
        await page.EnterAsync(new string('W', 32));
        await page.SayAsync(new string('W', 600));
        await page.SayAsync("https://example.com/" + new string('x', 200));
        await Expect(page.Texts).ToHaveCountAsync(2);
        await FitAsync(page);

        await page.Get("drawer-open").TapAsync();
        await page.JoinAsync(new string('M', 32));
        await FitAsync(page);
        await Server.KillAsync();
        await page.BeOfflineAsync();
        await FitAsync(page);
    }

    [Fact]
    public async Task Rooms_and_people_are_in_a_drawer()
    {
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await bob.JoinAsync("tea");
        var page = await EnterPhoneAsync();

        await Expect(page.Room("general")).Not.ToBeInViewportAsync();
        await page.Get("drawer-open").TapAsync();
        await Expect(page.Room("general")).ToBeInViewportAsync();
        await Expect(page.People).ToHaveTextAsync(["alice", "bob"]);
        await Expect(page.Get("drawer-open")).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Room("tea").TapAsync();
        await page.SeeRoomAsync("tea");
        await Expect(page.Room("tea")).Not.ToBeInViewportAsync();
        await Expect(page.Get("drawer-open")).ToHaveAttributeAsync("aria-expanded", "false");

        await page.Composer.TapAsync();
        await page.SayAsync("on the phone");
        await Expect(page.Texts).ToHaveTextAsync(["on the phone"]);
    }

    [Fact]
    public async Task The_drawer_closes_with_Escape_and_by_a_tap_beside_it()
    {
        var page = await EnterPhoneAsync();

        await page.Get("drawer-open").TapAsync();
        await Expect(page.Room("general")).ToBeInViewportAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Room("general")).Not.ToBeInViewportAsync();
        await Expect(page.Get("drawer-open")).ToBeFocusedAsync();

        await page.Get("drawer-open").TapAsync();
        await Expect(page.Room("general")).ToBeInViewportAsync();
        await page.Page.Touchscreen.TapAsync(350, 320);
        await Expect(page.Room("general")).Not.ToBeInViewportAsync();
    }

    [Fact]
    public async Task The_message_box_fits_its_text_when_the_phone_is_turned()
    {
        var page = await EnterPhoneAsync();
        var fits = "box => box.getBoundingClientRect().height === parseFloat(getComputedStyle(box).lineHeight) * {0} + 16";
        await page.Composer.FillAsync("Two lines if the phone is upright, one if not.");
        Assert.True(await page.Composer.EvaluateAsync<bool>(fits.Replace("{0}", "2", StringComparison.Ordinal)));

        await page.Page.SetViewportSizeAsync(720, 360);

        await page.Page.WaitForFunctionAsync(
            $"() => ({fits.Replace("{0}", "1", StringComparison.Ordinal)})(document.getElementById('composer'))");
    }

    [Fact]
    public async Task Unread_messages_in_the_drawer_are_shown_outside_it()
    {
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        var page = await EnterPhoneAsync();
        await page.Get("drawer-open").TapAsync();
        await page.JoinAsync("tea");

        await bob.SayAsync("general", "Where are you?");

        await Expect(page.Page.Locator("#drawer-unread")).ToBeVisibleAsync();
    }

    private static BrowserNewContextOptions Phone() => new()
    {
        ViewportSize = new() { Width = 360, Height = 640 },
        HasTouch = true,
        IsMobile = true,
        DeviceScaleFactor = 2,
    };

    private static async Task FitAsync(ChatPage page)
    {
        Assert.Equal(360, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(360, await page.Page.EvaluateAsync<int>("innerWidth"));
        Assert.True(await page.Page.EvaluateAsync<bool>(
            "(scroll => scroll.scrollWidth <= scroll.clientWidth)(document.getElementById('timeline-scroll'))"));
    }

    private async Task<ChatPage> EnterPhoneAsync()
    {
        var page = await OpenAsync(Phone());
        await page.Get("name-input").FillAsync("alice");
        await page.Get("name-submit").TapAsync();
        await page.BeOnlineAsync();
        return page;
    }
}
