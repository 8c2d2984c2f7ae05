using Microsoft.Playwright;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>Tests of a sample's page. After each test no page's console may hold an error.</summary>
public abstract class PageTests<TServer>(Browser browser, TServer server) : ServerTests<TServer>(server)
    where TServer : SampleServer
{
    private readonly List<SamplePage> _pages = [];

    /// <summary>Opens the page at a computer of its own.</summary>
    private protected async Task<SamplePage> OpenSampleAsync(string path = "/", BrowserNewContextOptions? options = null) =>
        await OpenTabAsync(await browser.OpenContextAsync(options), path, page => new SamplePage(page));

    /// <summary>Opens the page as one more tab.</summary>
    private protected async Task<TPage> OpenTabAsync<TPage>(IBrowserContext context, string path, Func<IPage, TPage> create)
        where TPage : SamplePage
    {
        var page = create(await context.NewPageAsync());
        _pages.Add(page);
        await page.Page.GotoAsync(new Uri(Server.Address, path).ToString());
        return page;
    }

    private protected Task<IBrowserContext> OpenContextAsync(BrowserNewContextOptions? options) => browser.OpenContextAsync(options);

    protected override async Task LeaveAsync()
    {
        foreach (var context in _pages.Select(page => page.Page.Context).Distinct())
        {
            await context.CloseAsync();
        }

        Assert.Empty(_pages.SelectMany(page => page.Problems));
    }
}
