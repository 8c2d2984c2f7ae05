using Waffle.WebSockets.TestKit;
using static Microsoft.Playwright.Assertions;

namespace Waffle.WebSockets.BrowserTests.Chat.Page;

/// <summary>Scripts that use the chat by the browser's own means.</summary>
public sealed class BareWebSocketTests(Browser browser, ChatServer server) : ChatPageTests(browser, server)
{
    [Fact]
    public async Task A_few_lines_of_script_can_chat()
    {
        var bob = await EnterAsync("bob");
        var page = await OpenAsync();

        var log = await page.Page.EvaluateAsync<string[]>(
            """
            () => new Promise(resolve => {
              const log = [];
              const ws = new WebSocket(`ws://${location.host}/ws?user=alice`);
              ws.onopen = () => ws.send(JSON.stringify({
                type: 'chat',
                payload: { room: 'general', text: 'Hello!' }
              }));
              ws.onmessage = (event) => {
                const msg = JSON.parse(event.data);
                if (msg.name) {
                  log.push(`Event: ${msg.name} ${msg.data.room}`);
                  return;
                }
                switch (msg.type) {
                  case 'chat':
                    log.push(`${msg.payload.user}: ${msg.payload.text}`);
                    ws.close();
                }
              };
              ws.onclose = (event) => {
                log.push(`closed with ${event.code}, clean: ${event.wasClean}`);
                resolve(log);
              };
            })
            """).Soon();

        Assert.Equal(
            ["Event: user_joined general", "Event: room_state general", "alice: Hello!", "closed with 1005, clean: true"], log);
        await Expect(bob.Texts).ToHaveTextAsync(["Hello!"]);
        await Expect(bob.Get("notice")).ToHaveTextAsync(["alice joined", "alice left"]);
    }

    [Fact]
    public async Task A_page_that_knows_the_messages_and_events_of_Waffle_in_Go_finds_them_here()
    {
        var page = await OpenAsync();

        // Such pages handle messages by their type, or events by their name; what they don't know must not disturb them.
        var log = await page.Page.EvaluateAsync<string[]>(
            """
            () => new Promise((resolve, reject) => {
              const log = [];
              const messages = new WebSocket(`ws://${location.host}/ws?user=alice`);
              messages.onmessage = (event) => {
                const msg = JSON.parse(event.data);
                switch (msg.type) {
                  case 'chat':
                    log.push(`${msg.payload.user}: ${msg.payload.text}`);
                    resolve(log);
                }
              };
              messages.onopen = () => {
                const events = new WebSocket(`ws://${location.host}/ws?user=bob`);
                events.onmessage = (event) => {
                  const data = JSON.parse(event.data);
                  if (data.name === 'user_joined') {
                    log.push(`Event: ${data.name} ${data.data.user}`);
                    messages.send(JSON.stringify({ type: 'chat', payload: { room: 'general', text: 'Hello!' } }));
                  }
                };
                events.onerror = reject;
              };
              messages.onerror = reject;
            })
            """).Soon();

        Assert.Equal(["Event: user_joined bob", "alice: Hello!"], log);
    }

    [Fact]
    public async Task Posting_to_a_room_that_one_is_not_in_is_answered_with_an_error()
    {
        var bob = await EnterAsync("bob");
        await bob.JoinAsync("tea");
        var page = await OpenAsync();

        var reply = await page.Page.EvaluateAsync<string>(
            """
            () => new Promise((resolve, reject) => {
              const ws = new WebSocket(`ws://${location.host}/ws?user=mallory`);
              ws.onopen = () => ws.send(JSON.stringify({ type: 'chat', payload: { room: 'tea', text: 'Let me in' }, id: '7' }));
              ws.onmessage = (event) => {
                if (JSON.parse(event.data).type) {
                  ws.close();
                  resolve(event.data);
                }
              };
              ws.onerror = reject;
            })
            """).Soon();

        Assert.Equal("""{"type":"error","payload":{"code":"not_a_member","message":"Join tea first."},"id":"7"}""", reply);
        await bob.SayAsync("quiet here");
        await Expect(bob.Texts).ToHaveTextAsync(["quiet here"]);
    }

    [Fact]
    public async Task The_page_runs_no_script_but_its_own()
    {
        var page = await OpenAsync();

        var directive = await page.Page.EvaluateAsync<string>(
            """
            () => new Promise(resolve => {
              document.addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective));
              const script = document.createElement('script');
              script.textContent = 'window.hacked = true';
              document.body.append(script);
            })
            """).Soon();

        Assert.Equal("script-src-elem", directive);
        Assert.False(await page.Page.EvaluateAsync<bool>("'hacked' in window"));
        page.Forget();
    }
}
