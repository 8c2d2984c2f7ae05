using System.Text.Json;
using Microsoft.Playwright;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.BrowserTests.Interop;

/// <summary>A page's WebSocket. Scripts can send neither pings nor fragments.</summary>
internal sealed class ChromiumPeer : InteropPeer
{
    private const string Connect =
        """
        async (address) => {
          const socket = new WebSocket(address);
          const received = [];
          let wake = () => {};
          const add = (event) => { received.push(event); wake(); };
          socket.binaryType = 'arraybuffer';
          socket.onmessage = ({ data }) => add({ isBinary: typeof data !== 'string', data });
          socket.onclose = ({ code, reason }) => add({ code, reason });

          const toBase64 = (data) => new Promise((resolve) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result.split(',')[1] ?? '');
            reader.readAsDataURL(new Blob([data]));
          });
          window.peer = {
            send(isBinary, base64) {
              const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
              socket.send(isBinary ? data : new TextDecoder('utf-8', { ignoreBOM: true }).decode(data));
            },
            close: (code, reason) => socket.close(code ?? undefined, reason),
            async next() {
              while (received.length === 0) {
                await new Promise((resolve) => { wake = resolve; });
              }
              const event = received.shift();
              return 'code' in event ? event : { isBinary: event.isBinary, data: await toBase64(event.data) };
            },
          };

          await new Promise((resolve, reject) => {
            socket.onopen = resolve;
            socket.onerror = () => reject(new Error('The page could not connect.'));
          });
          return [socket.protocol, socket.extensions];
        }
        """;

    private readonly IPage _page;

    private ChromiumPeer(IPage page, string subprotocol, string extensions)
    {
        _page = page;
        Subprotocol = subprotocol;
        Extensions = extensions;
    }

    public override string Subprotocol { get; }

    public override string Extensions { get; }

    public static async Task<InteropPeer> ConnectAsync(Browser browser, Uri address)
    {
        var context = await browser.OpenContextAsync(new() { IgnoreHTTPSErrors = true });
        var page = await context.NewPageAsync();

        // Chromium speaks HTTP/2 for a WebSocket only where it has such a connection already: the one that the page came over.
        var site = new UriBuilder(address) { Scheme = address.Scheme == "wss" ? "https" : "http", Path = "/" }.Uri;
        await page.GotoAsync(site.AbsoluteUri);
        var agreed = await page.EvaluateAsync<string[]>(Connect, address.AbsoluteUri).Soon();
        return new ChromiumPeer(page, subprotocol: agreed[0], extensions: agreed[1]);
    }

    public override Task SendAsync(MessageKind kind, IReadOnlyList<byte[]> fragments) => _page.EvaluateAsync(
        "([isBinary, data]) => peer.send(isBinary, data)",
        new object[] { kind == MessageKind.Binary, Convert.ToBase64String([.. fragments.SelectMany(fragment => fragment)]) }).Soon();

    public override Task PingAsync() => Task.CompletedTask;

    public override async Task<PeerClose> CloseAsync(int? code, string reason)
    {
        await _page.EvaluateAsync("([code, reason]) => peer.close(code, reason)", new object?[] { code, reason }).Soon();
        return await ReceiveCloseAsync();
    }

    public override async ValueTask DisposeAsync() => await _page.Context.CloseAsync();

    protected override async Task<object> ReceiveNextAsync()
    {
        var told = await _page.EvaluateAsync<JsonElement>("peer.next()").Soon();
        if (told.TryGetProperty("code", out var code))
        {
            return new PeerClose(code.GetInt32(), told.GetProperty("reason").GetString()!);
        }

        var kind = told.GetProperty("isBinary").GetBoolean() ? MessageKind.Binary : MessageKind.Text;
        return new PeerMessage(kind, told.GetProperty("data").GetBytesFromBase64());
    }
}
