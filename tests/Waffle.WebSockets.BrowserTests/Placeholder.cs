using Microsoft.Playwright;

namespace Waffle.WebSockets.BrowserTests;

public sealed class Placeholder(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Chromium_shows_a_page()
    {
        IPage page = await browser.OpenPageAsync("data:text/html,<title>waffle</title><button onclick=\"this.textContent='clicked'\">click me</button>");

        await page.GetByRole(AriaRole.Button).ClickAsync();

        Assert.Equal("waffle", await page.TitleAsync());
        Assert.Equal("clicked", await page.GetByRole(AriaRole.Button).TextContentAsync());
        await page.Context.CloseAsync();
    }
}
