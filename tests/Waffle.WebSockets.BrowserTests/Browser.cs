using Microsoft.Playwright;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>
/// A headless Chromium that the tests of a class or an assembly share. It is the one at CHROME_PATH (test.sh sets it); Playwright's own
/// browsers are neither used nor downloaded.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    // No sandbox: containers run as root. The others keep Chromium from talking to its maker's servers.
    private static readonly string[] _arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("CHROME_PATH")
            ?? throw new InvalidOperationException("CHROME_PATH names no Chromium or Chrome: run the tests with ./test.sh, or set it.");

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Headless = true,
            Args = _arguments,
        });
    }

    /// <summary>Opens a page with cookies and storage of its own, as a user at another computer would have. Caller closes its context.</summary>
    public async Task<IPage> OpenPageAsync(string address)
    {
        IBrowserContext context = await _browser!.NewContextAsync();
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
