using Microsoft.Playwright;

namespace Waffle.WebSockets.BrowserTests.Chat;

/// <summary>Tests of the chat's page.</summary>
public abstract class ChatPageTests(Browser browser, ChatServer server) : PageTests<ChatServer>(browser, server)
{
    /// <summary>Opens the page at a computer of its own; it asks for a name.</summary>
    private protected async Task<ChatPage> OpenAsync(BrowserNewContextOptions? options = null, string path = "/") =>
        await OpenTabAsync(await OpenContextAsync(options), path);

    /// <summary>Opens the page as one more tab.</summary>
    private protected Task<ChatPage> OpenTabAsync(IBrowserContext context, string path = "/") =>
        OpenTabAsync(context, path, page => new ChatPage(page));

    /// <summary>Opens the page at a computer of its own and enters the chat.</summary>
    private protected async Task<ChatPage> EnterAsync(string name, BrowserNewContextOptions? options = null)
    {
        var page = await OpenAsync(options);
        await page.EnterAsync(name);
        return page;
    }
}
