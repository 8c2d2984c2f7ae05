using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>A handshake that meets a limit is counted.</summary>
public sealed class CountedHandshakeTests
{
    [Theory]
    [InlineData("Sec-WebSocket-Protocol", 32, 33, "subprotocols", "32 names of at most 4096 bytes")]
    [InlineData("Sec-WebSocket-Extensions", 16, 17, "extensions", "16 offers of at most 16 parameters, words of at most 128 bytes")]
    public async Task Too_many_subprotocols_or_extensions_are_counted(string header, int allowed, int tooMany, string limit, string line)
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", static (_, _) => Task.CompletedTask));
        using var limits = new CountedLimits(host);
        await AskAsync(host, "/ws", lines => lines.Add(Offer(header, allowed)));
        Assert.StartsWith("HTTP/1.1 400", await AskAsync(host, "/ws", lines => lines.Add($"{header}: a b")), StringComparison.Ordinal);
        Assert.Empty(limits.Counts);

        Assert.StartsWith("HTTP/1.1 400", await AskAsync(host, "/ws", lines => lines.Add(Offer(header, tooMany))), StringComparison.Ordinal);
        await limits.ExpectOnlyAsync(limit);
        Assert.Contains(limits.Logs.Lines, logged => logged.Text.StartsWith($"Limit {limit} was met: {line}.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_are_words_that_are_too_long_and_too_many_parameters()
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", static (_, _) => Task.CompletedTask));
        using var limits = new CountedLimits(host);
        await AskAsync(host, "/ws", lines => lines.Add($"Sec-WebSocket-Extensions: x; a={new string('a', 129)}"));
        await AskAsync(host, "/ws", lines => lines.Add($"Sec-WebSocket-Extensions: x{string.Concat(Enumerable.Repeat("; a", 17))}"));
        await limits.ExpectOnlyAsync("extensions", 2);
    }

    [Fact]
    public async Task An_id_of_a_client_that_is_too_long_is_counted()
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws", options => options.ClientId = static http => http.Request.Query["id"]),
            builder => builder.Services.AddWebSocketHub());
        using var limits = new CountedLimits(host);
        await AskAsync(host, $"/ws?id={new string('x', 256)}");
        await AskAsync(host, "/ws?id=");
        Assert.Empty(limits.Counts);

        Assert.StartsWith("HTTP/1.1 400", await AskAsync(host, $"/ws?id={new string('x', 257)}"), StringComparison.Ordinal);
        await limits.ExpectOnlyAsync("max_client_id_length");
    }

    private static string Offer(string header, int count) => $"{header}: {string.Join(", ", Enumerable.Range(0, count).Select(i => $"x{i}"))}";

    private static async Task<string> AskAsync(KestrelHost host, string path, Action<List<string>>? change = null) =>
        (await RawHandshake.SendAsync(await host.ConnectAsync(), RawHandshake.Request(path, change))).Head;
}
