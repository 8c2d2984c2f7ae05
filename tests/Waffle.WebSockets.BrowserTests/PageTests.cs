using Microsoft.Playwright;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>Tests of the chat's page. After each test no page's console may hold an error.</summary>
public abstract class PageTests(Browser browser, ChatServer server) : ServerTests(server)
{
    private readonly List<ChatPage> _pages = [];

    /// <summary>Opens the page at a computer of its own; it asks for a name.</summary>
    private protected async Task<ChatPage> OpenAsync(BrowserNewContextOptions? options = null, string path = "/") =>
        await OpenTabAsync(await browser.OpenContextAsync(options), path);

    /// <summary>Opens the page as one more tab.</summary>
    private protected async Task<ChatPage> OpenTabAsync(IBrowserContext context, string path = "/")
    {
        var page = await ChatPage.OpenAsync(context, new Uri(Server.Address, path));
        _pages.Add(page);
        return page;
    }

    /// <summary>Opens the page at a computer of its own and enters the chat.</summary>
    private protected async Task<ChatPage> EnterAsync(string name, BrowserNewContextOptions? options = null)
    {
        var page = await OpenAsync(options);
        await page.EnterAsync(name);
        return page;
    }

    protected override async Task LeaveAsync()
    {
        foreach (var context in _pages.Select(page => page.Page.Context).Distinct())
        {
            await context.CloseAsync();
        }

        Assert.Empty(_pages.SelectMany(page => page.Problems));
    }
}
