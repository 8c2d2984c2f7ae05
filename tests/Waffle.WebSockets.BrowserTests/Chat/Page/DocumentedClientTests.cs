using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

/// <summary>The module on the page docs/browser-client.md, as it stands there.</summary>
public sealed partial class DocumentedClientTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    private static readonly string[] _twice = ["connecting", "open", "waiting", "connecting", "open"];

    [Fact]
    public async Task It_connects_anew_when_its_page_comes_back_from_the_browsers_cache()
    {
        var page = (await OpenAsync()).Page;
        await page.RouteAsync("**/client.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = ReadModule() }));
        await page.EvaluateAsync(
            """
            async address => {
              const { connect } = await import('/client.js');
              window.states = [];
              window.client = connect(address, { onState: state => states.push(state) });
            }
            """,
            Server.UserAddress("carol").ToString());
        await SeeStatesAsync(_twice[..2]);

        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))");
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await SeeStatesAsync(_twice);

        await page.EvaluateAsync("client.stop()");
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await SeeStatesAsync([.. _twice, "stopped"]);

        Task SeeStatesAsync(string[] states) => Wait.Eventually(
            async () => (await page.EvaluateAsync<string[]>("window.states")).SequenceEqual(states), string.Join(", ", states));
    }

    private static string ReadModule() =>
        Module().Match(File.ReadAllText(Path.Combine(TestKit.RepositoryFolder.Path, "docs", "browser-client.md"))).Groups[1].Value;

    [GeneratedRegex("`client.js`:\n\n```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Module();
}
