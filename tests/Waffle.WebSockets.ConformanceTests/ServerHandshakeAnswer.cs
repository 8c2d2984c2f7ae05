using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 4.2.2: what a server answers to the handshake that it accepts.</summary>
public sealed class ServerHandshakeAnswer(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    private static readonly string[] _headersOfABody = ["Content-Length", "Transfer-Encoding", "Content-Type"];

    [Fact]
    public async Task A_valid_request_is_answered_with_101()
    {
        await using var answer = await server.SendAsync(RawHandshake.Request(HandshakeServer.Echo));

        Assert.Equal("HTTP/1.1 101 Switching Protocols", answer.StatusLine);
        Assert.Single(answer["Upgrade"]);
        Assert.Single(answer["Connection"]);
        Assert.Single(answer["Sec-WebSocket-Accept"]);
        Assert.All(_headersOfABody, header => Assert.Empty(answer[header]));
        await answer.ExpectEchoAsync();
    }

    [Fact]
    public async Task The_answer_upgrades_to_websocket()
    {
        await using var answer = await server.SendAsync(RawHandshake.Request(HandshakeServer.Echo));

        Assert.Equal(["websocket"], answer["Upgrade"]);
    }

    [Fact]
    public async Task The_answer_has_the_connection_token_upgrade()
    {
        await using var answer = await server.SendAsync(RawHandshake.Request(HandshakeServer.Echo));

        Assert.Equal(["Upgrade"], answer["Connection"]);
    }

    [Theory]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEA==")]
    [InlineData("x3JJHMbDL1EzLkh9GBhXDw==")]
    [InlineData("////////////////////+w==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    [SuppressMessage("Security", "CA5350", Justification = "The RFC's algorithm.")]
    public async Task The_accept_value_answers_the_key_of_the_request(string key)
    {
        var expected = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

        await using var answer = await server.SendAsync(WithKey(key));

        Assert.Equal([expected], answer["Sec-WebSocket-Accept"]);
    }

    [Fact]
    public async Task The_accept_value_of_the_example_key_is_the_one_in_the_RFC()
    {
        await using var answer = await server.SendAsync(WithKey("dGhlIHNhbXBsZSBub25jZQ=="));

        Assert.Equal(["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="], answer["Sec-WebSocket-Accept"]);
    }

    [Theory]
    [InlineData("chat.v1", "Sec-WebSocket-Protocol: chat.v1")]
    [InlineData("chat.v2", "Sec-WebSocket-Protocol: chat.v2")]
    [InlineData("chat.v1", "Sec-WebSocket-Protocol: unknown, chat.v1")]
    [InlineData("chat.v2", "Sec-WebSocket-Protocol: chat.v1, chat.v2")]
    [InlineData("chat.v1", "Sec-WebSocket-Protocol: unknown", "Sec-WebSocket-Protocol: chat.v1")]
    public async Task The_subprotocol_is_one_that_the_client_offered(string expected, params string[] offer)
    {
        await using var answer = await server.SendAsync(RawHandshake.Request(HandshakeServer.Chat, lines => lines.AddRange(offer)));

        Assert.Equal(101, answer.Status);
        Assert.Equal([expected], answer["Sec-WebSocket-Protocol"]);
    }

    [Theory]
    [InlineData(HandshakeServer.Chat, null)]
    [InlineData(HandshakeServer.Chat, "Sec-WebSocket-Protocol: unknown, CHAT.V1, chat")]
    [InlineData(HandshakeServer.Echo, "Sec-WebSocket-Protocol: chat.v1")]
    public async Task Without_a_common_subprotocol_the_answer_names_none(string path, string? offer)
    {
        await using var answer = await server.SendAsync(RawHandshake.Request(path, lines => lines.AddRange(offer is null ? [] : [offer])));

        Assert.Equal(101, answer.Status);
        Assert.Empty(answer["Sec-WebSocket-Protocol"]);
    }

    // Though the request has each of the headers that it may have several times.
    [Theory]
    [InlineData(HandshakeServer.Chat, "Sec-WebSocket-Protocol")]
    [InlineData(HandshakeServer.Deflate, "Sec-WebSocket-Extensions")]
    [InlineData(HandshakeServer.Echo, "Sec-WebSocket-Accept")]
    public async Task No_header_of_the_answer_appears_twice(string path, string header)
    {
        await using var answer = await server.SendAsync(RawHandshake.Request(path, lines => lines.AddRange(
        [
            "Sec-WebSocket-Protocol: chat.v1", "Sec-WebSocket-Protocol: chat.v2, chat.v1",
            "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9, x",
        ])));

        Assert.Equal(101, answer.Status);
        Assert.Single(answer[header]);
        Assert.Single(answer["Sec-WebSocket-Accept"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate, permessage-bzip2, foo; bar")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=0")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7, permessage-deflate; client_max_window_bits=16")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=8; client_max_window_bits=9")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; constructor")]
    public async Task No_extension_is_agreed_to(string? offer)
    {
        var request = RawHandshake.Request(HandshakeServer.Echo, lines => lines.AddRange(offer is null ? [] : [offer]));
        await using var answer = await server.SendAsync(request);

        Assert.Equal(101, answer.Status);
        Assert.Empty(answer["Sec-WebSocket-Extensions"]);
        await answer.ExpectEchoAsync();
        await answer.Peer.SendFrameAsync(RawFrame.TextOpcode, reservedBits: 4);
        await answer.Peer.ExpectCloseAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task Over_TLS_the_handshake_and_the_messages_stay_in_the_tunnel()
    {
        await using var tls = await HandshakeServer.StartWithTlsAsync();

        // All that this reads has come through the tunnel: TLS takes no other bytes.
        await using var answer = await HandshakeServer.SendAsync(tls, RawHandshake.Request(HandshakeServer.Echo));
        Assert.Equal(101, answer.Status);
        await answer.ExpectEchoAsync();
        var large = new byte[30_000];
        new Random(1).NextBytes(large);
        await answer.Peer.SendBinaryAsync(large);
        Assert.Equal(large, (await answer.Peer.NextAsync()).Payload);
        await answer.Peer.SendCloseAsync(4000);
        await answer.Peer.ExpectCloseAsync((CloseCode)4000);
        Assert.Null(await answer.Peer.ReadFrameAsync());

        Assert.DoesNotContain("HTTP", await SendWithoutTlsAsync(tls.Address.Port), StringComparison.Ordinal);
    }

    private static async Task<string> SendWithoutTlsAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(RawHandshake.Request(HandshakeServer.Echo)));
        using var patience = new CancellationTokenSource(RawPeer.Patience);
        using var received = new MemoryStream();
        try
        {
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (IOException)
        {
            // Reset: an answer as good as any but a WebSocket.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    private static string WithKey(string key) => RawHandshake.Request(HandshakeServer.Echo, lines =>
        lines[lines.FindIndex(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.Ordinal))] = $"Sec-WebSocket-Key: {key}");
}
