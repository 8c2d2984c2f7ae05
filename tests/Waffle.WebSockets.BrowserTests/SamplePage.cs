using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>A sample's page in one tab.</summary>
internal class SamplePage
{
    private readonly ConcurrentQueue<string> _problems = new();

    public SamplePage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            // Chromium reports each lost connection by itself; there is no way to ask it not to.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("WebSocket connection to ", StringComparison.Ordinal))
            {
                _problems.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _problems.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings in the console, violations of the content security policy among them.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>The problems up to now were expected.</summary>
    public void Forget() => _problems.Clear();

    public ILocator Get(string testId) => Page.GetByTestId(testId);

    public Task BeOnlineAsync() => BeAsync("online");

    public Task BeOfflineAsync() => BeAsync("offline");

    /// <summary>Takes a picture, for people to look at: it is in the folder TestResults beside this project's file.</summary>
    public Task TakePictureAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(RepositoryFolder.TestResults, $"{name.ToLowerInvariant()}.png"),
        Animations = ScreenshotAnimations.Disabled,
    });

    private Task BeAsync(string state) => Expect(Get("connection-state")).ToHaveAttributeAsync("data-state", state);
}
