using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Echo;

public sealed partial class EchoPageTests(Browser browser, EchoServer server) : PageTests<EchoServer>(browser, server)
{
    private const string Markup = "<img src=x onerror=window.hacked=1>";

    [Fact]
    public async Task Text_and_bytes_come_back_as_they_were_and_the_time_is_told()
    {
        var page = await OpenOnlineAsync();

        await page.Get("text").FillAsync("Grüße 🧇");
        await page.Get("send-text").ClickAsync();
        await BeEchoedAsync(page, 1);
        await page.Get("send-bytes").ClickAsync();
        await BeEchoedAsync(page, 2);
        await page.Get("send-random").ClickAsync();
        await BeEchoedAsync(page, 3);

        await Expect(page.Get("kind")).ToHaveTextAsync(["binary", "binary", "text"]);
        await Expect(page.Get("content").Nth(2)).ToHaveTextAsync("Grüße 🧇");
        await Expect(page.Get("content").Nth(1)).ToHaveTextAsync("47 72 c3 bc c3 9f 65 20 f0 9f a7 87");
        await Expect(page.Get("echo").First).ToContainTextAsync("1,024 bytes");
        await Expect(page.Get("time")).ToHaveTextAsync([Milliseconds(), Milliseconds(), Milliseconds()]);
    }

    [Fact]
    public async Task Enter_sends_and_markup_is_shown_as_text()
    {
        var page = await OpenOnlineAsync();

        await page.Get("text").FillAsync(Markup);
        await page.Get("text").PressAsync("Enter");
        await BeEchoedAsync(page, 1);

        await Expect(page.Get("content")).ToHaveTextAsync(Markup);
        Assert.False(await page.Page.EvaluateAsync<bool>("'hacked' in window"));
    }

    [Fact]
    public async Task The_largest_message_comes_back_and_a_larger_one_is_not_sent()
    {
        var page = await OpenOnlineAsync();

        await page.Get("text").FillAsync(new string('y', 32 * 1024 + 1));
        await page.Get("send-text").ClickAsync();
        await Expect(page.Get("problem")).ToContainTextAsync("at most 32,768 bytes");
        await Expect(page.Get("echo")).ToHaveCountAsync(0);
        await page.Get("text").FillAsync(new string('y', 32 * 1024));
        await page.Get("send-text").ClickAsync();
        await BeEchoedAsync(page, 1);

        await Expect(page.Get("problem")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task After_the_servers_death_and_return_the_page_comes_back_by_itself()
    {
        var page = await OpenOnlineAsync();
        await page.Get("send-text").ClickAsync();
        await BeEchoedAsync(page, 1);

        await Server.KillAsync();
        await page.BeOfflineAsync();
        await Expect(page.Get("banner")).ToBeVisibleAsync();
        await page.Get("send-text").ClickAsync();
        await Expect(page.Get("problem")).ToHaveTextAsync("There is no connection.");
        await Server.StartAgainAsync();
        await page.BeOnlineAsync();

        await Expect(page.Get("banner")).ToBeHiddenAsync();
        await page.Get("send-text").ClickAsync();
        await BeEchoedAsync(page, 2);
    }

    [Fact]
    public async Task A_server_that_is_stopped_does_not_wait_for_its_visitors_and_says_why()
    {
        var page = await OpenOnlineAsync();

        await Server.StopAsync();

        await page.BeOfflineAsync();
        await Expect(page.Get("banner")).ToContainTextAsync("The server is restarting.");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_fits_on_a_phone(ColorScheme scheme)
    {
        var page = await OpenSampleAsync(options: Phone.Options(scheme));
        await page.BeOnlineAsync();
        await page.Get("send-text").TapAsync();
        await page.Get("text").FillAsync(new string('W', 300));
        await page.Get("send-text").TapAsync();
        await page.Get("send-random").TapAsync();
        await BeEchoedAsync(page, 3);

        await Phone.FitAsync(page);
        await page.TakePictureAsync($"echo-phone-{scheme}");
        await page.Page.SetViewportSizeAsync(1280, 800);
        await page.TakePictureAsync($"echo-desktop-{scheme}");
    }

    private static Task BeEchoedAsync(SamplePage page, int count) =>
        Expect(page.Page.Locator("[data-testid=echo][data-outcome=same]")).ToHaveCountAsync(count);

    [GeneratedRegex(@"^\d+\.\d ms$")]
    private static partial Regex Milliseconds();

    private async Task<SamplePage> OpenOnlineAsync()
    {
        var page = await OpenSampleAsync();
        await page.BeOnlineAsync();
        return page;
    }
}
