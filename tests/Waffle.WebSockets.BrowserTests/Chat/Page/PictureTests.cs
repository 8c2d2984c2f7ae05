using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

/// <summary>Takes pictures of the page.</summary>
public sealed class PictureTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pictures_are_taken_of_the_page(ColorScheme scheme)
    {
        await using var priya = await ChatClient.EnterAsync(Server, "Priya");
        await using var tomas = await ChatClient.EnterAsync(Server, "Tomás");
        await using var layla = await ChatClient.EnterAsync(Server, "ليلى");
        await using var xiaoyu = await ChatClient.EnterAsync(Server, "林小雨");
        await priya.JoinAsync("release");
        await tomas.JoinAsync("release");
        await xiaoyu.JoinAsync("a room with a rather long name!!");
        await priya.SayAsync("general", "Morning all. The waffle iron in the kitchen is fixed.");
        await priya.SayAsync("general", "Also: batter in the fridge, help yourselves.");
        await tomas.SayAsync("general", "Great! Two things are still open:\n- the load test on four cores\n- the note about close codes");
        await layla.SayAsync("general", "صباح الخير، سأكتب الملاحظة");
        await xiaoyu.SayAsync("general", "我来做负载测试 🧇");

        var alice = await OpenAsync(new() { ColorScheme = scheme });
        await alice.TakePictureAsync($"name-{scheme}");
        await alice.EnterAsync("alice");
        await alice.SayAsync("Thanks, both! Numbers by noon?");
        await tomas.SayAsync("general", "https://example.com/a/rather/long/address/that/does/not/break?anywhere=" + new string('x', 80));
        await alice.GoToAsync("release");
        await alice.GoToAsync("general");
        await tomas.SayAsync("release", "The checklist is up.");
        await Expect(alice.Unread("release")).ToHaveTextAsync("1");
        await alice.TakePictureAsync($"desktop-{scheme}");
        await alice.Page.SetViewportSizeAsync(900, 700);
        await alice.TakePictureAsync($"tablet-{scheme}");
        await alice.Page.SetViewportSizeAsync(360, 640);
        await alice.TakePictureAsync($"phone-{scheme}");
        await alice.Get("drawer-open").ClickAsync();
        await Expect(alice.Room("general")).ToBeInViewportAsync(new() { Ratio = 1 });
        await alice.TakePictureAsync($"phone-drawer-{scheme}");
        await alice.Page.Keyboard.PressAsync("Escape");

        await Server.KillAsync();
        await alice.BeOfflineAsync();
        await alice.Composer.FillAsync("This waits until the server is back.");
        await alice.TakePictureAsync($"phone-offline-{scheme}");
        await alice.Page.SetViewportSizeAsync(1280, 800);
        await alice.TakePictureAsync($"desktop-offline-{scheme}");
    }
}
