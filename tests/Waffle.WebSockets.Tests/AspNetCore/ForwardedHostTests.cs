using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Behind a proxy that rewrites Host: whose pages may connect.</summary>
public sealed class ForwardedHostTests
{
    private const string Origin = "https://chat.example";

    [Theory]
    [InlineData(Origin, "101")]
    [InlineData("https://internal.example:8080", "403")]
    [InlineData("http://chat.example", "403")]
    public async Task C78_with_forwarded_headers_the_public_host_is_the_own_one(string origin, string status)
    {
        await using var host = await StartAsync(isForwarded: true);
        Assert.StartsWith($"HTTP/1.1 {status} ", await ConnectAsync(host, origin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task C78_without_them_it_is_refused_and_the_log_names_origin_and_host()
    {
        await using var host = await StartAsync(isForwarded: false);
        Assert.StartsWith("HTTP/1.1 403 ", await ConnectAsync(host, Origin), StringComparison.Ordinal);
        var line = Assert.Single(host.Logs.Lines, line => line.Id.Id == 1002);
        Assert.Contains($"\"{Origin}\"", line.Text, StringComparison.Ordinal);
        Assert.Contains("\"internal.example:8080\"", line.Text, StringComparison.Ordinal);
    }

    private static Task<KestrelHost> StartAsync(bool isForwarded) => KestrelHost.StartAsync(
        app =>
        {
            if (isForwarded)
            {
                app.UseForwardedHeaders(new ForwardedHeadersOptions
                {
                    ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto,
                });
            }

            app.MapWebSocket("/ws", (_, _) => Task.CompletedTask);
        },
        builder => builder.Logging.SetMinimumLevel(LogLevel.Debug));

    private static async Task<string> ConnectAsync(KestrelHost host, string origin)
    {
        var request = RawHandshake.Request("/ws", lines =>
        {
            lines[0] = "Host: internal.example:8080";
            lines.AddRange([$"Origin: {origin}", "X-Forwarded-Host: chat.example", "X-Forwarded-Proto: https"]);
        });
        await using var stream = await host.ConnectAsync();
        return (await RawHandshake.SendAsync(stream, request)).Head;
    }
}
