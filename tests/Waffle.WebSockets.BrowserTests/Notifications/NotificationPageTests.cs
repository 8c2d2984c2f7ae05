using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Notifications;

public sealed class NotificationPageTests(Browser browser, NotificationServer server) : PageTests<NotificationServer>(browser, server)
{
    private const string Markup = "<img src=x onerror=window.hacked=1>";

    [Fact]
    public async Task Each_page_shows_what_is_for_everybody_and_for_its_own_user()
    {
        var alice = await SubscribeAsync("alice");
        var bob = await SubscribeAsync("bob");

        await Server.NotifyAsync(new { user_id = "alice", title = "Only for alice", body = Markup });
        await Server.NotifyAsync(new { title = "For everybody", body = "" });

        await Expect(alice.Get("notification-title")).ToHaveTextAsync(["For everybody", "Only for alice"]);
        await Expect(alice.Get("notification-body").Last).ToHaveTextAsync(Markup);
        Assert.False(await alice.Page.EvaluateAsync<bool>("'hacked' in window"));
        await Expect(bob.Get("notification-title")).ToHaveTextAsync(["For everybody"]);
    }

    [Fact]
    public async Task The_page_can_notify_one_user_or_everybody()
    {
        var alice = await SubscribeAsync("alice");
        var bob = await SubscribeAsync("bob");

        await bob.Get("to").FillAsync("alice");
        await bob.Get("title").FillAsync("Psst");
        await bob.Get("title").PressAsync("Enter");
        await Expect(bob.Get("outcome")).ToHaveTextAsync("Sent to 1 connection of 1.");
        await bob.Get("to").FillAsync("");
        await bob.Get("title").FillAsync("Hear, hear");
        await bob.Get("body").FillAsync("Waffles!");
        await bob.Get("notify").ClickAsync();

        await Expect(bob.Get("outcome")).ToHaveTextAsync("Sent to 2 connections of 2.");
        await Expect(alice.Get("notification-title")).ToHaveTextAsync(["Hear, hear", "Psst"]);
        await Expect(bob.Get("notification-title")).ToHaveTextAsync(["Hear, hear"]);
        await Expect(bob.Get("notification-body")).ToHaveTextAsync(["Waffles!"]);
    }

    [Fact]
    public async Task What_the_server_refuses_is_explained()
    {
        var page = await SubscribeAsync("alice");

        await page.Get("notify").ClickAsync();

        await Expect(page.Get("problem")).ToHaveTextAsync("\"title\" must have 1 to 100 characters.");
        page.Forget();
    }

    [Fact]
    public async Task Whose_notifications_the_page_shows_can_be_changed()
    {
        var page = await SubscribeAsync("alice");

        await page.Get("user").FillAsync("bob");
        await page.Get("user").PressAsync("Enter");
        await Expect(page.Get("subscription")).ToContainTextAsync("for bob");
        await BeSubscribedAsync(page, "bob");
        await Server.NotifyAsync(new { user_id = "alice", title = "For alice" });
        await Server.NotifyAsync(new { user_id = "bob", title = "For bob" });

        await Expect(page.Get("notification-title")).ToHaveTextAsync(["For bob"]);
        await Expect(page.Page).ToHaveURLAsync(new Uri(Server.Address, "/?user=bob").ToString());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_fits_on_a_phone(ColorScheme scheme)
    {
        var page = await OpenSampleAsync("/?user=alice", Phone.Options(scheme));
        await BeSubscribedAsync(page, "alice");
        await Server.NotifyAsync(new { title = new string('W', 100), body = new string('M', 500) });
        await Server.NotifyAsync(new { title = "Waffles are ready", body = "In the kitchen, first come, first served.\nBring a plate." });
        await Server.NotifyAsync(new { user_id = "alice", title = "Your turn to clean the waffle iron" });
        await page.Get("title").FillAsync("It's done");
        await Expect(page.Get("notification")).ToHaveCountAsync(3);
        await Expect(page.Get("curl")).ToContainTextAsync("""-d '{"title":"It'\''s done","body":""}'""");

        await Phone.FitAsync(page);
        await page.TakePictureAsync($"notifications-phone-{scheme}");
        await page.Page.SetViewportSizeAsync(1280, 800);
        await page.TakePictureAsync($"notifications-desktop-{scheme}");
    }

    private async Task<SamplePage> SubscribeAsync(string user)
    {
        var page = await OpenSampleAsync($"/?user={user}");
        await BeSubscribedAsync(page, user);
        return page;
    }

    private static Task BeSubscribedAsync(SamplePage page, string user) =>
        Expect(page.Page.Locator("#list")).ToHaveAttributeAsync("data-subscribed", user);
}
