using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat;

/// <summary>The chat in one tab, and what a person does there.</summary>
internal sealed class ChatPage(IPage page) : SamplePage(page)
{
    public ILocator Texts => Get("message-text");

    public ILocator People => Get("person-name");

    public ILocator Composer => Get("composer");

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
}
