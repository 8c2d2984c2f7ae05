using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 4.2.1, 4.2.2, 4.3 and 4.4: what a server makes of a client's opening handshake.</summary>
public sealed class OpeningHandshake(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    private const string HostLine = "Host: localhost";
    private const string UpgradeLine = "Upgrade: websocket";
    private const string ConnectionLine = "Connection: Upgrade";
    private const string KeyLine = $"Sec-WebSocket-Key: {RawHandshake.Key}";
    private const string VersionLine = "Sec-WebSocket-Version: 13";

    [Theory]
    [InlineData("method")]
    [InlineData("http version")]
    [InlineData(HostLine)]
    [InlineData(UpgradeLine)]
    [InlineData(ConnectionLine)]
    [InlineData(KeyLine)]
    [InlineData(VersionLine)]
    [InlineData(UpgradeLine, "Upgrade: h2c")]
    [InlineData(ConnectionLine, "Connection: keep-alive")]
    [InlineData(KeyLine, "Sec-WebSocket-Key: c2hvcnQ=")]
    [InlineData(VersionLine, "Sec-WebSocket-Version: 8")]
    [InlineData("", "Sec-WebSocket-Protocol: a b")]
    [InlineData("", "Sec-WebSocket-Extensions: ;")]
    public async Task A_request_that_breaks_one_rule_gets_an_http_error_and_no_upgrade(string without, string? instead = null)
    {
        await server.AcceptsAsync(RawHandshake.Request(HandshakeServer.Echo));

        await server.RefusesAsync(without switch
        {
            "method" => WithRequestLine("POST /echo HTTP/1.1"),
            "http version" => WithRequestLine("GET /echo HTTP/1.0"),
            _ => Request(without, instead is null ? [] : [instead]),
        });
    }

    [Theory]
    [InlineData("no colon")]
    [InlineData(": no name")]
    [InlineData("Bad Name: x")]
    [InlineData("X-Space : x")]
    [InlineData("X-Nul: a\0b")]
    [InlineData(" folded: x")]
    [InlineData("Sec-WebSocket-Protocol: \"quoted\"")]
    [InlineData("Sec-WebSocket-Extensions: x;")]
    [InlineData("Sec-WebSocket-Extensions: x; =y")]
    [InlineData("Sec-WebSocket-Extensions: x y")]
    [InlineData("Sec-WebSocket-Extensions: x; y=")]
    public async Task A_header_that_breaks_the_grammar_gets_an_http_error(string line)
    {
        await server.RefusesAsync(Request(add: [line]), 400);
    }

    [Fact]
    public async Task The_order_of_the_headers_does_not_matter()
    {
        for (var turn = 0; turn < 5; turn++)
        {
            await server.AcceptsAsync(RawHandshake.Request(HandshakeServer.Echo, Turn));
            await server.AcceptsAsync(RawHandshake.Request(HandshakeServer.Echo, lines =>
            {
                Turn(lines);
                lines.Reverse();
            }));

            void Turn(List<string> lines)
            {
                lines.AddRange(lines[..turn]);
                lines.RemoveRange(0, turn);
            }
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("get")]
    public async Task A_method_other_than_GET_is_refused(string method)
    {
        await server.RefusesAsync(WithRequestLine($"{method} {HandshakeServer.Echo} HTTP/1.1"), 405);
    }

    [Fact]
    public async Task HTTP_1_0_is_refused()
    {
        await server.RefusesAsync(WithRequestLine($"GET {HandshakeServer.Echo} HTTP/1.0"), 426);
    }

    [Theory]
    [InlineData("http://localhost/echo")]
    [InlineData("http://localhost/echo?a=b")]
    public async Task An_absolute_request_target_is_accepted(string target)
    {
        await server.AcceptsAsync(WithRequestLine($"GET {target} HTTP/1.1"));
        target = target.Replace("echo", "nowhere", StringComparison.Ordinal);
        await server.RefusesAsync(WithRequestLine($"GET {target} HTTP/1.1", "Connection: close, Upgrade"), 404);
    }

    [Fact]
    public async Task A_request_without_host_is_refused()
    {
        await server.RefusesAsync(Request(without: HostLine), 400);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Upgrade:")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Upgrade: websockets")]
    [InlineData("Upgrade: web socket")]
    [InlineData("Upgrade: \"websocket\"")]
    public async Task A_request_without_upgrade_to_websocket_is_refused(string? line)
    {
        await server.RefusesAsync(Request(UpgradeLine, line is null ? [] : [line]), 426);
    }

    [Theory]
    [InlineData("Upgrade: WebSocket")]
    [InlineData("Upgrade: WEBSOCKET")]
    [InlineData("upgrade:wEbSoCkEt")]
    [InlineData("Upgrade: h2c, WebSocket")]
    public async Task The_upgrade_value_matches_in_any_case(string line)
    {
        await server.AcceptsAsync(Request(UpgradeLine, [line]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Connection:")]
    [InlineData("Connection: keep-alive")]
    [InlineData("Connection: upgraded")]
    [InlineData("Connection: keep-alive Upgrade")]
    public async Task A_request_without_the_connection_token_upgrade_is_refused(string? line)
    {
        await server.RefusesAsync(Request(ConnectionLine, line is null ? [] : [line]), 400);
    }

    [Theory]
    [InlineData("Connection: upgrade")]
    [InlineData("Connection: UPGRADE")]
    [InlineData("connection:uPgRaDe")]
    [InlineData("Connection: keep-alive, Upgrade")]
    [InlineData("Connection: upgrade,keep-alive")]
    [InlineData("Connection: keep-alive", "Connection: Upgrade")]
    public async Task The_connection_token_matches_in_any_case_and_among_others(params string[] lines)
    {
        await server.AcceptsAsync(Request(ConnectionLine, lines));
    }

    [Fact]
    public async Task A_request_without_a_key_is_refused()
    {
        await server.RefusesAsync(Request(without: KeyLine), 400);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")] // 15 bytes
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA=")] // 17 bytes
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA")] // 18 bytes
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")] // without padding
    [InlineData("AAAAAAAAAAAAAAAAAAAAA===")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA-_==")] // another alphabet
    [InlineData("AAAAAAAAAA AAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==, AAAAAAAAAAAAAAAAAAAAAA==")]
    public async Task A_key_that_is_not_base64_of_sixteen_bytes_is_refused(string key)
    {
        await server.RefusesAsync(Request(KeyLine, [$"Sec-WebSocket-Key: {key}"]), 400);
    }

    [Fact]
    public async Task Two_keys_are_refused()
    {
        await server.RefusesAsync(Request(add: [KeyLine]), 400);
    }

    [Fact]
    public async Task A_request_without_a_version_is_refused()
    {
        await server.RefusesAsync(Request(without: VersionLine));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("8")]
    [InlineData("12")]
    [InlineData("14")]
    [InlineData("130")]
    [InlineData("013")]
    [InlineData("13.0")]
    [InlineData("thirteen")]
    public async Task A_version_other_than_13_is_refused_with_426(string version)
    {
        await server.RefusesAsync(Request(VersionLine, [$"Sec-WebSocket-Version: {version}"]), 426);
    }

    [Theory]
    [InlineData("13")]
    [InlineData("8")]
    public async Task Two_versions_are_refused(string second)
    {
        await server.RefusesAsync(Request(add: [$"Sec-WebSocket-Version: {second}"]), 400);
        await server.RefusesAsync(Request(VersionLine, [$"Sec-WebSocket-Version: 13, {second}"]), 400);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 8")]
    [InlineData("Sec-WebSocket-Version: 25")]
    [InlineData("X-No-Version: 13")]
    public async Task The_refusal_of_a_version_names_version_13(string line)
    {
        await using var answer = await server.SendAsync(Request(VersionLine, [line]));

        Assert.InRange(answer.Status, 400, 499);
        Assert.Equal(["13"], answer["Sec-WebSocket-Version"]);
    }

    [Fact]
    public async Task A_request_without_an_origin_is_accepted()
    {
        await server.AcceptsAsync(Request());
    }

    [Theory]
    [InlineData("http://localhost.example.com")]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost:1234")]
    [InlineData("null")]
    [InlineData("no origin at all")]
    public async Task An_origin_that_is_not_allowed_is_refused_with_403(string origin)
    {
        await server.AcceptsAsync(Request(add: ["Origin: http://localhost"]));

        await server.RefusesAsync(Request(add: [$"Origin: {origin}"]), 403);
    }

    // It is no page's, so that no list of origins is asked, unless the endpoint wants pages alone.
    [Fact]
    public async Task A_request_without_an_origin_is_not_taken_for_a_browsers()
    {
        await server.AcceptsAsync(RawHandshake.Request(HandshakeServer.OneSite));

        await server.RefusesAsync(RawHandshake.Request(HandshakeServer.OneSiteOnly), 403);
    }

    [Theory]
    [InlineData(HandshakeServer.OneSite)]
    [InlineData(HandshakeServer.OneSiteOnly)]
    public async Task An_endpoint_for_certain_sites_accepts_their_origins_and_no_other(string path)
    {
        await server.AcceptsAsync(RawHandshake.Request(path, lines => lines.Add($"Origin: {HandshakeServer.Site}")));

        foreach (var origin in (string[])["http://app.example", "https://app.example:8443", "https://app.example.evil.example", "null"])
        {
            await server.RefusesAsync(RawHandshake.Request(path, lines => lines.Add($"Origin: {origin}")), 403);
        }
    }

    [Fact]
    public async Task A_request_without_subprotocols_is_accepted()
    {
        await server.AcceptsAsync(RawHandshake.Request(HandshakeServer.Echo));
        await server.AcceptsAsync(RawHandshake.Request(HandshakeServer.Chat));
    }

    [Theory]
    [InlineData("chat v1")]
    [InlineData("chat/v1")]
    [InlineData("chat(v1)")]
    [InlineData("\"chat.v1\"")]
    [InlineData("chat.v1, a=b")]
    [InlineData("chät")]
    public async Task A_subprotocol_that_is_no_token_is_refused(string subprotocol)
    {
        var bytes = RawHandshake.Request(HandshakeServer.Chat, lines => lines.Add($"Sec-WebSocket-Protocol: {AsLatin1(subprotocol)}"));

        await server.RefusesAsync(bytes, 400);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10, permessage-deflate, x-webkit-deflate-frame")]
    [InlineData("Sec-WebSocket-Extensions: foo; bar=\"baz\"", "Sec-WebSocket-Extensions: foo; a ; b=c")]
    public async Task An_offer_of_extensions_is_accepted(params string[] lines)
    {
        await server.AcceptsAsync(Request(add: lines));
    }

    [Fact]
    public async Task Unknown_headers_are_ignored()
    {
        await server.AcceptsAsync(Request(add:
        [
            "Cookie: a=b", "X-Unknown: anything, at all; \"here\"", "Sec-WebSocket-Unknown: 1", "Sec-WebSocket-Accept: x",
            "Pragma: no-cache",
        ]));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nowhere")]
    [InlineData("/echo/more")]
    public async Task A_path_without_an_endpoint_gets_404(string path)
    {
        // Here the client asks for the end: what is no endpoint of ours may keep its HTTP connection.
        await server.RefusesAsync(WithRequestLine($"GET {path} HTTP/1.1", "Connection: close, Upgrade"), 404);
    }

    [Theory]
    [InlineData("\"a b\"")]
    [InlineData("\"a,b\"")]
    [InlineData("\"a;b\"")]
    [InlineData("\"a=b\"")]
    [InlineData("\"\"")]
    [InlineData("\"a\\\"b\"")]
    [InlineData("\"open")]
    public async Task A_quoted_extension_parameter_that_is_no_token_is_refused(string value)
    {
        await server.AcceptsAsync(Request(add: ["Sec-WebSocket-Extensions: foo; bar=\"a-token\""]));

        await server.RefusesAsync(Request(add: [$"Sec-WebSocket-Extensions: foo; bar={value}"]), 400);
    }

    private static string Request(string? without = null, string[]? add = null) => RawHandshake.Request(HandshakeServer.Echo, lines =>
    {
        lines.Remove(without ?? string.Empty);
        lines.AddRange(add ?? []);
    });

    private static string WithRequestLine(string requestLine, string? connection = null) => RawHandshake.Request(
        HandshakeServer.Echo, lines => lines[lines.IndexOf(ConnectionLine)] = connection ?? ConnectionLine, requestLine);

    // The request goes out as Latin-1: one character for each byte of the UTF-8.
    private static string AsLatin1(string text) => System.Text.Encoding.Latin1.GetString(Expectations.Utf8Bytes(text));
}
