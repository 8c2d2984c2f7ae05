using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>The chat in one tab, and what a person does there.</summary>
internal sealed class ChatPage
{
    private readonly ConcurrentQueue<string> _problems = new();

    private ChatPage(IPage page)
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

    public ILocator Texts => Get("message-text");

    public ILocator People => Get("person-name");

    public ILocator Composer => Get("composer");

    public static async Task<ChatPage> OpenAsync(IBrowserContext context, Uri address)
    {
        var page = new ChatPage(await context.NewPageAsync());
        await page.Page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>The problems up to now were expected.</summary>
    public void Forget() => _problems.Clear();

    public ILocator Get(string testId) => Page.GetByTestId(testId);

    public ILocator Room(string name) => Page.Locator($"[data-testid=room-item][data-room={Quote(name)}]");

    public ILocator Unread(string room) => Room(room).GetByTestId("unread");

    /// <summary>Answers the question for a name, and waits until the chat has begun.</summary>
    public async Task EnterAsync(string name)
    {
        await Get("name-input").FillAsync(name);
        await Get("name-submit").ClickAsync();
        await BeOnlineAsync();
        await Expect(People.GetByText(name, new() { Exact = true })).ToHaveCountAsync(1);
    }

    public Task BeOnlineAsync() => BeAsync("online");

    public Task BeOfflineAsync() => BeAsync("offline");

    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Expect(Get("send")).ToBeEnabledAsync();
        await Composer.PressAsync("Enter");
        await Expect(Composer).ToHaveValueAsync(string.Empty);
    }

    /// <summary>Joins a room by its name, or creates it.</summary>
    public async Task JoinAsync(string room)
    {
        await Get("room-input").FillAsync(room);
        await Get("room-input").PressAsync("Enter");
        await SeeRoomAsync(room);
    }

    /// <summary>Goes to a room in the list.</summary>
    public async Task GoToAsync(string room)
    {
        await Room(room).ClickAsync();
        await SeeRoomAsync(room);
    }

    public async Task SeeRoomAsync(string room)
    {
        await Expect(Get("room-title")).ToHaveTextAsync(room);
        await Expect(People).Not.ToHaveCountAsync(0);
    }

    // A string in a CSS selector.
    private static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private Task BeAsync(string state) => Expect(Get("connection-state")).ToHaveAttributeAsync("data-state", state);
}
