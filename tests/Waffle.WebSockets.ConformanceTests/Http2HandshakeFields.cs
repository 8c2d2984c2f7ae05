using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 8441 5: what the handshake's header fields mean over HTTP/2; the client is .NET's own.</summary>
public sealed class Http2HandshakeFields : IAsyncLifetime
{
    private static readonly string[] _ofHttp1Alone = ["Connection", "Upgrade", "Sec-WebSocket-Accept"];

    private readonly HttpClient _client = new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = IsOurs } });
    private KestrelHost? _host;

    public async ValueTask InitializeAsync() => _host = await HandshakeServer.StartWithHttp2Async();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host!.DisposeAsync();
    }

    [Fact]
    public async Task The_answer_is_200_and_has_none_of_the_fields_that_only_HTTP_1_has()
    {
        using var answer = await ConnectAsync(HandshakeServer.Echo);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.DoesNotContain(answer.Headers, header => _ofHttp1Alone.Contains(header.Key, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Over_TLS_with_the_scheme_https_it_is_the_same()
    {
        await using var tls = await HandshakeServer.StartWithHttp2Async(useTls: true);
        using var answer = await ConnectAsync(tls, HandshakeServer.Echo);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await stream.WriteAsync(Expectations.Frame(RawFrame.TextOpcode, Expectations.Utf8Bytes("hello")));
        await stream.FlushAsync();
        var echo = new byte[7];
        await stream.ReadExactlyAsync(echo).AsTask().Soon();
        Assert.Equal([0x81, 5, .. Expectations.Utf8Bytes("hello")], echo);
    }

    // The client's :authority is 127.0.0.1 and the port.
    [Fact]
    public async Task The_authority_is_the_host_that_an_origin_is_compared_with()
    {
        var own = _host!.Address.GetLeftPart(UriPartial.Authority);
        using var accepted = await ConnectAsync(HandshakeServer.Echo, ("Origin", own));
        using var refused = await ConnectAsync(HandshakeServer.Echo, ("Origin", "http://localhost"));

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("130")]
    [InlineData(null)]
    public async Task The_version_is_13_or_the_answer_names_13(string? version)
    {
        using var answer = await ConnectAsync(HandshakeServer.Echo, ("Sec-WebSocket-Version", version));

        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Equal("13", Assert.Single(answer.Headers.GetValues("Sec-WebSocket-Version")));
    }

    [Theory]
    [InlineData("unknown, chat.v1", "chat.v1")]
    [InlineData("chat.v1, chat.v2", "chat.v2")]
    [InlineData("unknown", null)]
    public async Task The_subprotocol_is_one_that_the_client_offered_or_none(string offer, string? expected)
    {
        using var answer = await ConnectAsync(HandshakeServer.Chat, ("Sec-WebSocket-Protocol", offer));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.TryGetValues("Sec-WebSocket-Protocol", out var values) ? Assert.Single(values) : null);
    }

    [Theory]
    [InlineData(HandshakeServer.Deflate, "permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=10")]
    [InlineData(HandshakeServer.Deflate, "permessage-bzip2", null)]
    [InlineData(HandshakeServer.Echo, "permessage-deflate", null)]
    public async Task Extensions_are_agreed_on_as_over_HTTP_1(string path, string offer, string? expected)
    {
        using var answer = await ConnectAsync(path, ("Sec-WebSocket-Extensions", offer));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.TryGetValues("Sec-WebSocket-Extensions", out var values) ? Assert.Single(values) : null);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Extensions", "x; =y")]
    [InlineData("Sec-WebSocket-Protocol", "a b")]
    public async Task A_field_that_breaks_its_grammar_is_refused_as_over_HTTP_1(string name, string value)
    {
        using var answer = await ConnectAsync(HandshakeServer.Chat, (name, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static bool IsOurs(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        shown?.GetCertHashString() == KestrelHost.Certificate.GetCertHashString();

    private Task<HttpResponseMessage> ConnectAsync(string path, params (string Name, string? Value)[] fields) =>
        ConnectAsync(_host!, path, fields);

    // A field without a value is left out.
    private async Task<HttpResponseMessage> ConnectAsync(KestrelHost host, string path, params (string Name, string? Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(host.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Protocol = "websocket";
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        if (!fields.Any(field => field.Name == "Sec-WebSocket-Version"))
        {
            request.Headers.Add("Sec-WebSocket-Version", "13");
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
    }
}
