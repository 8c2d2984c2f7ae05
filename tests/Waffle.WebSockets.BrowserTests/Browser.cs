using Microsoft.Playwright;
using Waffle.WebSockets.BrowserTests;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Waffle.WebSockets.BrowserTests;

/// <summary>
/// A headless Chromium that all tests share. It is the one at CHROME_PATH (test.sh sets it); Playwright's own browsers are neither used nor
/// downloaded.
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

        // Only a test that fails waits as long as this.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Headless = true,
            Args = _arguments,
        });
    }

    /// <summary>A context with cookies and storage of its own, as a person at another computer would have. The caller closes it.</summary>
    public Task<IBrowserContext> OpenContextAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.Locale = "en-GB";
        options.TimezoneId = "Europe/Berlin";
        options.ViewportSize ??= new() { Width = 1280, Height = 800 };
        return _browser!.NewContextAsync(options);
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
