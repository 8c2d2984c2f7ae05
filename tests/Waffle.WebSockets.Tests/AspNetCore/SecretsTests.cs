using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Whatever a client sends, and however its connection ends, the library's log holds none of it.</summary>
public class SecretsTests
{
    private const string Secret = "c2VjcmV0-4711";

    public static TheoryData<string> Endings => new(
        "a refusal", "an unknown type", "a malformed message", "a handler that fails", "a binary message", "a violation", "a close", "a reset");

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Nothing_that_a_client_sends_is_logged(string ending)
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws", new MessageRouter().On("fail", static (_, _, _) => throw new InvalidOperationException("our own"))),
            builder =>
            {
                builder.Configuration["AllowedHosts"] = "localhost";
                builder.Services.AddWebSocketHub();
            },
            environment: "Production");
        await using var stream = await host.ConnectAsync();
        var (head, transport) = await RawHandshake.SendAsync(stream, RawHandshake.Request($"/ws?access_token={Secret}", lines =>
        {
            lines.Add($"Cookie: session={Secret}");
            lines.Add($"Authorization: Bearer {Secret}");
            lines.Add($"Sec-WebSocket-Protocol: {Secret}");
            lines.Add(ending == "a refusal" ? $"Origin: https://{Secret}.example" : "X: y");
        }));
        var peer = new RawPeer(transport);
        if (ending == "a refusal")
        {
            Assert.StartsWith("HTTP/1.1 403", head, StringComparison.Ordinal);
        }
        else
        {
            await SendAsync(peer, ending);
        }

        Assert.DoesNotContain(Secret, head, StringComparison.Ordinal);
        await peer.DisposeAsync();
        await stream.DisposeAsync();
        await Wait.Eventually(() => host.Hub.Count == 0);
        await host.App.StopAsync();
        var ours = host.Logs.Lines.Where(line => line.Category.StartsWith("Waffle", StringComparison.Ordinal)).ToList();
        Assert.Equal(ending == "a handler that fails" ? 1 : 0, ours.Count);
        Assert.DoesNotContain(ours, line => $"{line.Text} {line.Error}".Contains(Secret, StringComparison.Ordinal));
    }

    private static async Task SendAsync(RawPeer peer, string ending)
    {
        switch (ending)
        {
            case "an unknown type":
                await peer.SendTextAsync($$"""{"type":"{{Secret}}","payload":"{{Secret}}","id":"{{Secret}}"}""");
                await peer.SyncAsync();
                break;
            case "a malformed message":
                await peer.SendTextAsync("{\"type\":[\"" + Secret + "\"]}");
                Assert.Contains("\"invalid_type\"", (await peer.NextAsync()).Text, StringComparison.Ordinal);
                break;
            case "a handler that fails":
                await peer.SendTextAsync($$"""{"type":"fail","payload":"{{Secret}}"}""");
                Assert.Contains("\"internal_error\"", (await peer.NextAsync()).Text, StringComparison.Ordinal);
                break;
            case "a binary message":
                await peer.SendBinaryAsync(Encoding.UTF8.GetBytes(Secret));
                Assert.Contains("\"text_expected\"", (await peer.NextAsync()).Text, StringComparison.Ordinal);
                break;
            case "a violation":
                await peer.SendFrameAsync(0x3, Encoding.UTF8.GetBytes(Secret));
                Assert.DoesNotContain(Secret, (await peer.ExpectCloseAsync(CloseCode.ProtocolError)).CloseReason, StringComparison.Ordinal);
                break;
            case "a close":
                await peer.SendCloseAsync(4001, Secret);
                await peer.ExpectCloseAsync((CloseCode)4001);
                break;
            default:
                await peer.SendTextAsync(Secret);
                break;
        }
    }
}
