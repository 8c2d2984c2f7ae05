using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Lists in a handshake's headers that are allowed though unusual, malformed, or made to keep a parser busy, on a real server.</summary>
public sealed class UnusualHeaderTests
{
    private const string Extensions = "Sec-WebSocket-Extensions: ";
    private const string Protocols = "Sec-WebSocket-Protocol: ";

    [Theory]
    [InlineData(", permessage-deflate")]
    [InlineData("permessage-deflate, ,")]
    [InlineData("", "permessage-deflate")]
    [InlineData("permessage-deflate", "")]
    [InlineData(", ,")]
    public Task C02_empty_elements_of_an_extension_list_are_skipped(params string[] lines) =>
        ExpectAsync("101", [.. lines.Select(line => Extensions + line)]);

    [Theory]
    [InlineData("client_max_window_bits=\"10\"", "101")]
    [InlineData("server_max_window_bits=\"1\\0\"", "101")]
    [InlineData("\t server_max_window_bits \t= \"10\"\t", "101")]
    [InlineData("client_max_window_bits=\"10", "400")]
    [InlineData("client_max_window_bits=10\"", "400")]
    public async Task C03_a_quoted_parameter_is_read_and_a_malformed_one_answered_400_each_time(string parameter, string status)
    {
        var offer = $"{Extensions}permessage-deflate; {parameter}";
        await ExpectAsync(status, offer);
        await ExpectAsync(status, offer, $"{Extensions}permessage-deflate");
        await ExpectAsync(status, $"{Extensions}permessage-deflate", offer);
    }

    [Fact]
    public async Task C05_headers_made_to_keep_a_parser_busy_get_a_plain_answer()
    {
        await ExpectAsync("101", Extensions + new string(',', 10_000));
        await ExpectAsync("400", Extensions + "x; y=\"" + new string('\\', 20_000));
        await ExpectAsync("101", Protocols + "xml," + new string(' ', 20_000) + "json");
    }

    // No extension is agreed to, whatever was offered; nothing is logged but the refusal.
    private static async Task ExpectAsync(string status, params string[] added)
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket(
            "/ws",
            async (connection, ct) => await connection.WriteTextAsync("hello", ct),
            options => options.Subprotocols.Add("json")));
        var request = RawHandshake.Request("/ws", lines => lines.AddRange(added));
        var (head, transport) = await RawHandshake.SendAsync(await host.ConnectAsync(), request);
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", head, StringComparison.OrdinalIgnoreCase);
        if (status == "101")
        {
            await using var peer = new RawPeer(transport);
            Assert.Equal("hello", (await peer.NextAsync()).Text);
            Assert.Empty(host.Complaints());
        }
        else
        {
            Assert.StartsWith($"Warning Waffle.WebSockets.Endpoint: Handshake refused with {status}", Assert.Single(host.Complaints()), StringComparison.Ordinal);
        }

        Assert.All(host.Logs.Lines, line => Assert.Null(line.Error));
    }
}
