using System.Text;
using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Handshake;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class UpgradeTests
{
    // The example of RFC 6455, section 1.3.
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    private const string Accepted =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSEC-WEBSOCKET-ACCEPT:s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

    private const string Extension =
        "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover\r\n";

    [Theory]
    [InlineData(Accepted + "\r\n", false)]
    [InlineData(Accepted + Extension + "\r\n", true)]
    public void The_answer_ends_where_the_first_frame_begins(string answer, bool offered)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);

        Assert.Equal(bytes.Length, UpgradeResponse.Take([.. bytes, 0x81, 0x00], Key, offered));
        Assert.Equal(0, UpgradeResponse.Take(bytes.AsSpan(0, bytes.Length - 1), Key, offered));
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n", false, "404")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: other\r\n\r\n", false, "key")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", false, "key")]
    [InlineData(Accepted + Extension + "\r\n", false, "none were offered")]
    [InlineData(Accepted + "\r\n", true, "permessage-deflate")]
    [InlineData(Accepted + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n", true, "without context takeover")]
    public void Another_answer_fails_the_run(string answer, bool offered, string reason)
    {
        var failure = Assert.Throws<RunFailedException>(() => UpgradeResponse.Take(Encoding.ASCII.GetBytes(answer), Key, offered));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_without_an_end_fails_the_run()
    {
        Assert.Throws<RunFailedException>(() => UpgradeResponse.Take(new byte[20_000], Key, offeredDeflate: false));
    }

    [Fact]
    public void The_request_offers_compression_only_where_that_is_measured()
    {
        var plain = Encoding.ASCII.GetString(UpgradeRequest.Create(81, "/room/a?b=c", Key, offersDeflate: false));
        var deflate = Encoding.ASCII.GetString(UpgradeRequest.Create(81, "/", Key, offersDeflate: true));

        Assert.StartsWith("GET /room/a?b=c HTTP/1.1\r\nHost: 127.0.0.1:81\r\n", plain, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", plain, StringComparison.Ordinal);
        Assert.Contains($"Sec-WebSocket-Key: {Key}\r\n", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("Extensions", plain, StringComparison.Ordinal);
        Assert.Contains("server_no_context_takeover; client_no_context_takeover\r\n\r\n", deflate, StringComparison.Ordinal);
    }
}
