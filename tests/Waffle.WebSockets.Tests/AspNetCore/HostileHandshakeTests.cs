using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Requests that mean harm, at the limits and between the layers of a real server.</summary>
public class HostileHandshakeTests
{
    [Theory]
    [InlineData(100, 101)]
    [InlineData(101, 431)]
    public async Task A_request_may_have_100_headers(int headers, int status)
    {
        await using var host = await StartAsync();
        Assert.Equal(status, await SendAsync(host, lines => lines.AddRange(Enumerable.Range(lines.Count, headers - lines.Count).Select(i => $"X-{i}: 1"))));
    }

    [Theory]
    [InlineData(31 * 1024, 101)]
    [InlineData(32 * 1024, 431)]
    public async Task The_headers_of_a_request_may_have_32_KiB(int length, int status)
    {
        await using var host = await StartAsync();
        Assert.Equal(status, await SendAsync(host, lines => lines.Add($"X: {new string('x', length)}")));
    }

    [Theory]
    [InlineData(7 * 1024, 101)]
    [InlineData(8 * 1024, 414)]
    public async Task The_first_line_of_a_request_may_have_8_KiB(int length, int status)
    {
        await using var host = await StartAsync();
        Assert.Equal(status, await SendAsync(host, static _ => { }, $"/ws?{new string('x', length)}"));
    }

    [Fact]
    public async Task Two_hosts_never_reach_us()
    {
        await using var host = await StartAsync();
        Assert.Equal(400, await SendAsync(host, static lines => lines.Add("Host: elsewhere")));
    }

    [Theory]
    [InlineData(32, 101)]
    [InlineData(33, 400)]
    public async Task A_request_may_offer_32_subprotocols(int offers, int status)
    {
        await using var host = await StartAsync();
        var header = $"Sec-WebSocket-Protocol: {string.Join(',', Enumerable.Range(0, offers))}";
        Assert.Equal(status, await SendAsync(host, lines => lines.Add(header)));
    }

    [Theory]
    [InlineData(16, 101)]
    [InlineData(17, 400)]
    public async Task A_request_may_offer_16_extensions(int offers, int status)
    {
        await using var host = await StartAsync();
        var header = $"Sec-WebSocket-Extensions: {string.Join(',', Enumerable.Repeat("constructor", offers))}";
        Assert.Equal(status, await SendAsync(host, lines => lines.Add(header)));
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol")]
    [InlineData("Sec-WebSocket-Extensions")]
    public async Task Eight_KiB_of_blanks_are_no_offer(string name)
    {
        await using var host = await StartAsync();
        Assert.Equal(101, await SendAsync(host, lines => lines.Add($"{name}: ,{new string(' ', 8 * 1024)},")));
    }

    [Fact]
    public async Task Each_endpoint_judges_origins_by_its_own_policy()
    {
        await using var host = await KestrelHost.StartAsync(app =>
        {
            app.MapWebSocket("/a", CloseAsync, options => options.AllowedOrigins.Add("https://a.example"));
            app.MapWebSocket("/b", CloseAsync, options => options.AllowedOrigins.Add("https://b.example"));
            app.MapWebSocket("/own", CloseAsync);
        });
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(101, await SendFromAsync("https://a.example", "/a"));
            Assert.Equal(403, await SendFromAsync("https://a.example", "/b"));
            Assert.Equal(403, await SendFromAsync("https://a.example", "/own"));
            Assert.Equal(403, await SendFromAsync("https://b.example", "/a"));
            Assert.Equal(101, await SendFromAsync("https://b.example", "/b"));
        }

        Task<int> SendFromAsync(string origin, string path) => SendAsync(host, lines => lines.Add($"Origin: {origin}"), path);
    }

    [Theory]
    [InlineData("chat.example", 101)]
    [InlineData("rebound.example", 400)]
    public async Task A_page_whose_name_was_made_to_point_here_is_refused_once_the_allowed_hosts_are_set(string name, int status)
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/ws", CloseAsync), builder => builder.Configuration["AllowedHosts"] = "chat.example");
        Assert.Equal(status, await SendAsync(host, lines =>
        {
            lines[0] = $"Host: {name}";
            lines.Add($"Origin: http://{name}");
        }));
    }

    private static Task<KestrelHost> StartAsync() => KestrelHost.StartAsync(app => app.MapWebSocket("/ws", CloseAsync));

    private static Task CloseAsync(WebSocketConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<int> SendAsync(KestrelHost host, Action<List<string>> change, string path = "/ws")
    {
        await using var stream = await host.ConnectAsync();
        var (head, _) = await RawHandshake.SendAsync(stream, RawHandshake.Request(path, change));
        Assert.StartsWith("HTTP/1.1 ", head, StringComparison.Ordinal);
        return int.Parse(head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }
}
