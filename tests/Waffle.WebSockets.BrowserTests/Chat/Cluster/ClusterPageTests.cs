using Microsoft.Playwright;

namespace Waffle.WebSockets.BrowserTests.Chat.Cluster;

/// <summary>Tests of the chat's page where the chat runs on two servers.</summary>
public abstract class ClusterPageTests<TCluster>(Browser browser, TCluster cluster) : PageTests<TCluster>(browser, cluster)
    where TCluster : ChatCluster
{
    /// <summary>Opens the page at a computer of its own, from one of the servers or from what is before them, and enters the chat.</summary>
    private protected async Task<ChatPage> EnterAsync(string name, Uri address, BrowserNewContextOptions? options = null) =>
        await EnterAsync(name, address, await OpenContextAsync(options));

    /// <summary>Opens the page as one more tab, and enters the chat.</summary>
    private protected async Task<ChatPage> EnterAsync(string name, Uri address, IBrowserContext context)
    {
        var page = await OpenTabAsync(context, address.ToString(), page => new ChatPage(page));
        await page.EnterAsync(name);
        return page;
    }
}
