using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>A refused upgrade on a real server: its status, one line of reason, and nothing more on that connection.</summary>
public class RefusalTests
{
    public static TheoryData<string, string?, string, string> Refused => new()
    {
        // status, request line, header to drop or replace, header to add
        { "405", "POST /ws HTTP/1.1", "", "" },
        { "426", null, "Upgrade: websocket", "" },
        { "426", null, "Upgrade: websocket", "Upgrade: foo" },
        { "426", "GET /ws HTTP/1.0", "", "" },
        { "400", null, "Connection: Upgrade", "Connection: keep-alive" },
        { "400", null, "", "Content-Length: 5" },
        { "400", null, "Sec-WebSocket-Key", "" },
        { "400", null, "", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" },
        { "400", null, "Sec-WebSocket-Key", "Sec-WebSocket-Key: c2hvcnQ=" },
        { "426", null, "Sec-WebSocket-Version", "Sec-WebSocket-Version: 8" },
        { "400", null, "", "Sec-WebSocket-Protocol: a b" },
        { "400", null, "", "Sec-WebSocket-Extensions: permessage-deflate; x=\"10" },
        { "403", null, "", "Origin: https://evil.example" },
        { "403", null, "", "Origin: null" },
        { "400", null, "", "Origin: http://localhost\r\nOrigin: http://localhost" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Each_has_its_status_one_line_of_reason_and_the_end_of_the_connection(
        string status, string? requestLine, string dropped, string added)
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", (connection, ct) => Task.CompletedTask));
        var request = RawHandshake.Request("/ws", lines => Change(lines, dropped, added), requestLine);

        // What follows may be meant as frames, or as another request: neither is answered.
        var answer = await SendAsync(host, request + RawHandshake.Request("/second"));
        var (head, body) = (answer.Split("\r\n\r\n")[0], answer.Split("\r\n\r\n")[1]);
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain", head, StringComparison.Ordinal);
        Assert.Single(body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith("\n", body, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 4").Length - 1);
        Assert.Single(host.Logs.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task More_headers_than_the_server_takes_never_reach_us()
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", (connection, ct) => Task.CompletedTask));
        var request = RawHandshake.Request("/ws", lines => lines.AddRange(Enumerable.Range(0, 200).Select(i => $"X-{i}: a")));
        Assert.StartsWith("HTTP/1.1 431 ", await SendAsync(host, request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_among_the_subprotocols_is_neither_answered_nor_logged()
    {
        const string Token = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl";
        string? offered = null;
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket(
            "/ws",
            (http, connection, ct) =>
            {
                offered = http.Request.Headers.SecWebSocketProtocol;
                return Task.CompletedTask;
            },
            options => options.Subprotocols.Add("json")));
        var (head, transport) = await RawHandshake.SendAsync(
            await host.ConnectAsync(), RawHandshake.Request("/ws?ticket=secret", lines => lines.Add($"Sec-WebSocket-Protocol: json, {Token}")));
        await using var peer = new RawPeer(transport);
        Assert.Contains("\r\nSec-WebSocket-Protocol: json", head, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, head, StringComparison.Ordinal);
        Assert.Equal(CloseCode.NormalClosure, (await peer.ReadFrameAsync())!.CloseCode);
        Assert.Equal($"json, {Token}", offered);
        var ours = host.Logs.Lines.Where(line => line.Category.StartsWith("Waffle", StringComparison.Ordinal));
        Assert.DoesNotContain(ours, line => line.Text.Contains(Token, StringComparison.Ordinal) || line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_option_with_a_wrong_value_fails_when_the_endpoint_is_mapped_and_is_named()
    {
        await using var app = WebApplication.CreateBuilder().Build();
        var error = Assert.Throws<OptionsValidationException>(() => app.MapWebSocket("/ws", (connection, ct) => Task.CompletedTask, options =>
        {
            options.MaxMessageSize = 0;
            options.PingInterval = TimeSpan.FromSeconds(-1);
            options.Subprotocols.Add("two words");
            options.AllowedOrigins.Add("https://a.example/path");
        }));
        Assert.Equal(4, error.Failures.Count());
        Assert.Contains("MaxMessageSize is 0; allowed is 1 to", error.Message, StringComparison.Ordinal);
        Assert.Contains("PingInterval is -00:00:01; allowed is zero (off) or more", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"two words\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://a.example/path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_defaults_of_the_application_fail_when_it_starts()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddWebSocketHub();
        builder.Services.Configure<WebSocketEndpointOptions>(options => options.ReadAheadMessages = 0);
        await using var app = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.Contains("ReadAheadMessages is 0; allowed is 1 to", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", "*", true)]
    [InlineData("Production", "chat.example", false)]
    [InlineData("Development", "*", false)]
    public async Task A_site_that_trusts_its_own_host_is_told_once_if_it_takes_any_host_for_its_own(string environment, string hosts, bool isTold)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["AllowedHosts"] = hosts;
        using var logs = new RecordedLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        await using var app = builder.Build();
        app.MapWebSocket("/a", (connection, ct) => Task.CompletedTask);
        app.MapWebSocket("/b", (connection, ct) => Task.CompletedTask);
        Assert.Equal(isTold ? 1 : 0, logs.Lines.Count(line => line.Id.Id == 1006));
    }

    private static void Change(List<string> lines, string dropped, string added)
    {
        if (dropped.Length > 0)
        {
            lines.RemoveAll(line => line.StartsWith(dropped, StringComparison.Ordinal));
        }

        if (added.Length > 0)
        {
            lines.Add(added);
        }
    }

    private static async Task<string> SendAsync(KestrelHost host, string request)
    {
        await using var stream = await host.ConnectAsync();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var patience = new CancellationTokenSource(RawPeer.Patience);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // Reset, because the second request was never read.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
