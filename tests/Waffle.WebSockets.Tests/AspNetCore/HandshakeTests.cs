using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Opening handshakes by hand against a real server: what is refused, how, and that nothing follows a refusal.</summary>
public class HandshakeTests
{
    private const string Secret = "eyJhbGciOiJub25lIn0.secret";

    [Theory]
    [InlineData("GET", "HTTP/1.1", "-Upgrade:", 426)]
    [InlineData("GET", "HTTP/1.1", "-Upgrade:|Upgrade: foo", 426)]
    [InlineData("GET", "HTTP/1.1", "-Connection:", 400)]
    [InlineData("GET", "HTTP/1.1", "-Connection:|Connection: keep-alive", 400)]
    [InlineData("GET", "HTTP/1.0", "", 426)]
    [InlineData("POST", "HTTP/1.1", "", 405)]
    [InlineData("POST", "HTTP/1.1", "Content-Length: 5", 405)]
    [InlineData("PUT", "HTTP/1.1", "", 405)]
    [InlineData("GET", "HTTP/1.1", "Content-Length: 5", 400)]
    [InlineData("GET", "HTTP/1.1", "Transfer-Encoding: chunked", 400)]
    [InlineData("GET", "HTTP/1.1", "-Sec-WebSocket-Key:", 400)]
    [InlineData("GET", "HTTP/1.1", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", 400)]
    [InlineData("GET", "HTTP/1.1", "-Sec-WebSocket-Key:|Sec-WebSocket-Key: AAAA", 400)]
    [InlineData("GET", "HTTP/1.1", "-Sec-WebSocket-Version:", 426)]
    [InlineData("GET", "HTTP/1.1", "-Sec-WebSocket-Version:|Sec-WebSocket-Version: 8", 426)]
    [InlineData("GET", "HTTP/1.1", "Sec-WebSocket-Version: 13", 400)]
    [InlineData("GET", "HTTP/1.1", "Sec-WebSocket-Protocol: a b", 400)]
    [InlineData("GET", "HTTP/1.1", "Sec-WebSocket-Extensions: ;=", 400)]
    [InlineData("GET", "HTTP/1.1", "Origin: null", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: ", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: localhost:5000", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: file://", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: http://local host", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: http://l\u00C3\u00B6calhost", 403)] // UTF-8, each byte as a character
    [InlineData("GET", "HTTP/1.1", "Origin: http://user@localhost", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: http://localhost.evil", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: http://evillocalhost", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: http://localhost:8443", 403)]
    [InlineData("GET", "HTTP/1.1", "Origin: http://localhost|Origin: http://localhost", 400)]
    public async Task A_refusal_is_a_status_and_one_line_and_nothing_behind_it_is_answered(
        string method, string version, string changes, int status)
    {
        var accepted = 0;
        await using var host = await StartAsync((_, _) =>
        {
            Interlocked.Increment(ref accepted);
            return Task.CompletedTask;
        });
        var request = RawHandshake.Request("/ws", lines => Change(lines, changes), $"{method} /ws {version}");
        var (head, body) = await SendAllAsync(host, request);

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        var connection = Assert.Single(Lines(head), line => line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("close", connection, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Accept", head, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("^[^\\n]+\\n$", body);
        Assert.Contains($"Content-Length: {body.Length}", Lines(head));
        Assert.Equal(status == 405, head.Contains("\r\nAllow: GET", StringComparison.Ordinal));
        Assert.Equal(status == 426, head.Contains("\r\nUpgrade: websocket", StringComparison.Ordinal));
        Assert.Equal(0, accepted);
        var complaint = Assert.Single(host.Complaints());
        Assert.StartsWith($"Warning Waffle.WebSockets.Endpoint: Handshake refused with {status}", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_version_is_told_the_right_one()
    {
        await using var host = await StartAsync((_, _) => Task.CompletedTask);
        var request = RawHandshake.Request("/ws", lines => Change(lines, "-Sec-WebSocket-Version:|Sec-WebSocket-Version: 8"));
        var (head, _) = await SendAllAsync(host, request);
        Assert.Contains("Sec-WebSocket-Version: 13", Lines(head));
    }

    [Theory]
    [InlineData("Origin: http://LOCALHOST")]
    [InlineData("Origin: http://localhost:80")]
    [InlineData("Origin: https://localhost")]
    [InlineData("-Host:|Host: [::1]:5000|Origin: http://[0:0:0:0:0:0:0:1]:5000")]
    [InlineData("-Upgrade:|Upgrade: h2c, WebSocket")]
    [InlineData("-Connection:|Connection: keep-alive, UPGRADE")]
    [InlineData("Content-Length: 0")]
    public async Task What_the_RFC_allows_is_accepted(string changes)
    {
        await using var host = await StartAsync((_, _) => Task.CompletedTask);
        await using var peer = await host.ConnectPeerAsync("/ws", lines => Change(lines, changes));
        Assert.Equal(CloseCode.NormalClosure, (await peer.ReadFrameAsync())!.CloseCode);
    }

    [Fact]
    public async Task The_answer_has_the_accept_key_and_no_extension()
    {
        await using var host = await StartAsync((_, _) => Task.CompletedTask);
        await using var stream = await host.ConnectAsync();
        var (head, _) = await RawHandshake.SendAsync(
            stream,
            RawHandshake.Request("/ws", lines => lines.Add("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x")));
        var lines = Lines(head);
        Assert.Equal("HTTP/1.1 101 Switching Protocols", lines[0]);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", lines);
        Assert.Contains("Connection: Upgrade", lines);
        Assert.Contains("Upgrade: websocket", lines);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData($"Sec-WebSocket-Protocol: json, {Secret}")]
    [InlineData($"Sec-WebSocket-Protocol: {Secret}|Sec-WebSocket-Protocol: json")]
    public async Task A_token_beside_the_subprotocol_is_seen_by_the_handler_and_neither_echoed_nor_logged(string offer)
    {
        var seen = new TaskCompletionSource<(string? Subprotocol, string Offer)>();
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket(
                "/ws",
                (http, connection, _) =>
                {
                    seen.SetResult((connection.Subprotocol, http.Request.Headers.SecWebSocketProtocol.ToString()));
                    return Task.CompletedTask;
                },
                options => options.Subprotocols.Add("json")),
            LogEverythingOfOurs);
        await using var stream = await host.ConnectAsync();
        var (head, transport) = await RawHandshake.SendAsync(stream, RawHandshake.Request("/ws", lines => Change(lines, offer)));
        var selected = Assert.Single(Lines(head), line => line.StartsWith("Sec-WebSocket-Protocol", StringComparison.Ordinal));
        Assert.Equal("Sec-WebSocket-Protocol: json", selected);
        Assert.DoesNotContain(Secret, head, StringComparison.Ordinal);
        var (subprotocol, whole) = await seen.Task.Soon();
        Assert.Equal("json", subprotocol);
        Assert.Contains(Secret, whole, StringComparison.Ordinal);
        await using var peer = new RawPeer(transport);
        await peer.SendCloseAsync();
        await host.App.StopAsync();
        Assert.DoesNotContain(host.Logs.Lines, line => line.Text.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Development", LogLevel.Warning)]
    [InlineData("Production", LogLevel.Debug)]
    public async Task A_refusal_is_logged_with_origin_and_host_and_without_the_query(string environment, LogLevel level)
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/ws", (_, _) => Task.CompletedTask),
            builder =>
            {
                LogEverythingOfOurs(builder);
                builder.Configuration["AllowedHosts"] = "localhost";
            },
            environment: environment);
        var request = RawHandshake.Request($"/ws?token={Secret}", lines => lines.Add("Origin: https://elsewhere.example"));
        await SendAllAsync(host, request);
        var line = Assert.Single(host.Logs.Lines, line => line.Category == "Waffle.WebSockets.Endpoint");
        Assert.Equal(level, line.Level);
        Assert.Contains("https://elsewhere.example", line.Text, StringComparison.Ordinal);
        Assert.Contains("\"localhost\"", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_or_too_long_headers_are_refused_by_the_server()
    {
        await using var host = await StartAsync((_, _) => Task.CompletedTask);
        var many = RawHandshake.Request("/ws", lines => lines.AddRange(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1")));
        var large = RawHandshake.Request("/ws", lines => lines.Add($"X: {new string('x', 40_000)}"));
        var longLine = RawHandshake.Request("/ws?" + new string('x', 10_000));
        Assert.StartsWith("HTTP/1.1 431 ", await SendHeadAsync(host, many), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await SendHeadAsync(host, large), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await SendHeadAsync(host, longLine), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_path_is_not_found()
    {
        await using var host = await StartAsync((_, _) => Task.CompletedTask);
        Assert.StartsWith("HTTP/1.1 404 ", await SendHeadAsync(host, RawHandshake.Request("/other")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_values_and_the_query_reach_the_handler()
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket(
            "/rooms/{room}/ws",
            async (http, connection, ct) =>
                await connection.WriteTextAsync($"{http.Request.RouteValues["room"]} {http.Request.Query["q"]}", ct)));
        await using var peer = await host.ConnectPeerAsync("/rooms/blue/ws?q=1%202");
        Assert.Equal("blue 1 2", (await peer.ReadFrameAsync())!.Text);
    }

    [Fact]
    public async Task Who_is_not_authenticated_gets_401_before_anything_is_accepted()
    {
        var accepted = 0;
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/ws", (_, _) =>
            {
                Interlocked.Increment(ref accepted);
                return Task.CompletedTask;
            }).RequireAuthorization(),
            builder =>
            {
                builder.Services.AddAuthentication("Bearer").AddBearerToken("Bearer");
                builder.Services.AddAuthorization();
            });
        Assert.StartsWith("HTTP/1.1 401 ", await SendHeadAsync(host, RawHandshake.Request("/ws")), StringComparison.Ordinal);
        Assert.Equal(0, accepted);
    }

    [Fact]
    public async Task An_accept_call_that_refuses_returns_null_and_has_answered()
    {
        var wasNull = new TaskCompletionSource<bool>();
        await using var host = await KestrelHost.StartAsync(app => app.Map("/ws", async (HttpContext http) =>
            wasNull.SetResult(await http.AcceptWebSocketConnectionAsync() is null)));
        var (head, body) = await SendAllAsync(host, RawHandshake.Request("/ws", lines => Change(lines, "-Upgrade:")));
        Assert.StartsWith("HTTP/1.1 426 ", head, StringComparison.Ordinal);
        Assert.NotEmpty(body);
        Assert.True(await wasNull.Task.Soon());
    }

    [Theory]
    [InlineData("GET", 400)]
    [InlineData("POST", 405)]
    public async Task Over_HTTP_2_only_extended_CONNECT_is_accepted(string method, int status)
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/ws", (_, _) => Task.CompletedTask), protocols: HttpProtocols.Http2);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.Address, "/ws"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request).Soon();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Matches("^[^\\n]+\\n$", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("Connection"));
    }

    [Fact]
    public async Task A_wrong_option_fails_when_mapped_and_is_named()
    {
        await using var host = await StartAsync((_, _) => Task.CompletedTask);
        var error = Assert.Throws<OptionsValidationException>(() => host.App.MapWebSocket(
            "/other",
            (_, _) => Task.CompletedTask,
            options =>
            {
                options.MaxMessageSize = 0;
                options.Subprotocols.Add("a b");
                options.AllowedOrigins.Add("https://example.com/path");
            }));
        Assert.Contains(error.Failures, Says("MaxMessageSize", "0"));
        Assert.Contains(error.Failures, Says("Subprotocols has \"a b\"", "allowed"));
        Assert.Contains(error.Failures, Says("AllowedOrigins", "https://example.com/path"));
    }

    [Theory]
    [InlineData("Production", 1)]
    [InlineData("Development", 0)]
    public async Task That_any_origin_is_allowed_is_a_warning_once_outside_development(string environment, int warnings)
    {
        await using var host = await KestrelHost.StartAsync(
            app =>
            {
                app.MapWebSocket("/a", (_, _) => Task.CompletedTask, options => options.DangerouslyAllowAnyOrigin = true);
                app.MapWebSocket("/b", (_, _) => Task.CompletedTask, options => options.DangerouslyAllowAnyOrigin = true);
            },
            builder => builder.Services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment }));
        await using var peer = await host.ConnectPeerAsync("/b", lines => lines.Add("Origin: https://elsewhere.example"));
        Assert.Equal(warnings, host.Logs.Lines.Count(line => line.Id.Id == 1005 && line.Level == LogLevel.Warning));
    }

    private static Task<KestrelHost> StartAsync(Func<WebSocketConnection, CancellationToken, Task> handler) =>
        KestrelHost.StartAsync(app => app.MapWebSocket("/ws", handler));

    private static void LogEverythingOfOurs(WebApplicationBuilder builder) => builder.Logging
        .SetMinimumLevel(LogLevel.Debug)
        .AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug);

    // "-Name:" takes a header out, anything else is a line to add.
    private static void Change(List<string> lines, string changes)
    {
        foreach (var change in changes.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            if (change.StartsWith('-'))
            {
                lines.RemoveAll(line => line.StartsWith(change[1..], StringComparison.Ordinal));
            }
            else
            {
                lines.Add(change);
            }
        }
    }

    private static Predicate<string> Says(params string[] parts) =>
        text => parts.All(part => text.Contains(part, StringComparison.Ordinal));

    private static string[] Lines(string head) => head.Split("\r\n");

    private static async Task<string> SendHeadAsync(KestrelHost host, string request)
    {
        await using var stream = await host.ConnectAsync();
        return (await RawHandshake.SendAsync(stream, request)).Head;
    }

    // With a frame and a second request behind the first: whatever follows the first answer would show up in the body.
    private static async Task<(string Head, string Body)> SendAllAsync(KestrelHost host, string request)
    {
        await using var stream = await host.ConnectAsync();
        var frame = RawFrame.Encode(RawFrame.PingOpcode, "smuggled"u8, mask: [1, 2, 3, 4]);
        var behind = Encoding.Latin1.GetString(frame) + RawHandshake.Request("/ws");
        var (head, transport) = await RawHandshake.SendAsync(stream, request + behind);
        var body = new StringBuilder();
        try
        {
            while (true)
            {
                var result = await transport.Input.ReadAsync().Soon();
                body.Append(Encoding.Latin1.GetString(result.Buffer));
                transport.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Closed with what we sent still unread.
        }

        return (head, body.ToString());
    }
}
