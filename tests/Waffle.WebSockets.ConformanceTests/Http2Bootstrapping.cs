using System.Net;
using System.Net.Sockets;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 8441: an extended CONNECT of HTTP/2 opens a WebSocket; hand-made frames against a real server.</summary>
public sealed class Http2Bootstrapping : IAsyncLifetime
{
    private const int EnableConnectProtocol = 0x8;
    private const int ProtocolError = 1;

    private KestrelHost? _host;
    private Http2Peer? _peer;

    private Http2Peer Peer => _peer!;

    public async ValueTask InitializeAsync()
    {
        _host = await HandshakeServer.StartWithHttp2Async();
        _peer = await Http2Peer.ConnectAsync(_host);
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        await _host!.DisposeAsync();
    }

    [Fact]
    public async Task The_server_says_once_that_it_takes_extended_CONNECT_and_never_takes_it_back()
    {
        await ExpectEchoAsync();
        Assert.Equal([1], Said());

        // A refusal, a reset, a closing handshake, and our own settings: nothing makes it say more.
        await (await Peer.ConnectStreamAsync("/nowhere")).Status.Soon();
        await (await Peer.ConnectStreamAsync(HandshakeServer.Echo)).ResetAsync(8);
        var closing = (await Peer.ConnectStreamAsync(HandshakeServer.Echo)).ToRawPeer();
        await closing.SendCloseAsync();
        await closing.ExpectCloseAsync(CloseCode.NormalClosure);
        await SendSettingAsync(0);
        await ExpectEchoAsync();
        Assert.Equal([1], Said());

        int[] Said() => [.. Peer.Settings.Where(setting => setting.Id == EnableConnectProtocol).Select(setting => setting.Value)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_setting_means_nothing_when_a_client_sends_it(int value)
    {
        await SendSettingAsync(value);

        await ExpectEchoAsync();
    }

    [Theory]
    [InlineData(":scheme")]
    [InlineData(":path")]
    public async Task A_CONNECT_with_protocol_but_without_scheme_or_path_is_reset(string missing)
    {
        await ExpectResetAsync([.. Fields().Where(field => field.Name != missing)]);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task A_scheme_that_is_not_the_connections_own_is_reset(string scheme)
    {
        await ExpectResetAsync(Fields(scheme: scheme));
    }

    [Fact]
    public async Task No_tunnel_leads_to_the_authority()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var stream = await Peer.OpenAsync(Fields(authority: $"{other.LocalEndpoint}"));
        Assert.Equal(200, await stream.Status.Soon());
        await ExpectEchoAsync(stream);

        Assert.False(other.Pending());
    }

    [Fact]
    public async Task A_CONNECT_without_protocol_opens_no_WebSocket()
    {
        var stream = await Peer.OpenAsync((":method", "CONNECT"), (":authority", "localhost"), ("sec-websocket-version", "13"));
        Assert.InRange(await stream.Status.Soon(), 400, 599);
        await ExpectEchoAsync();
    }

    [Theory]
    [InlineData("connect-udp")]
    [InlineData("websocket2")]
    [InlineData("h2c")]
    public async Task Another_protocol_opens_no_WebSocket(string protocol)
    {
        var stream = await Peer.ConnectStreamAsync(HandshakeServer.Echo, protocol);
        Assert.Equal(501, await stream.Status.Soon());
        await ExpectEchoAsync();
    }

    // The server takes this for a fault of the whole connection (RFC 9113 8.2.2).
    [Fact]
    public async Task A_request_with_Connection_ends_the_HTTP_2_connection()
    {
        var stream = await Peer.OpenAsync([.. Fields(), ("connection", "Upgrade")]);
        await Peer.Ended.Soon();

        await Assert.ThrowsAsync<IOException>(() => stream.Status);
    }

    [Fact]
    public async Task Upgrade_and_a_key_are_neither_needed_nor_looked_at()
    {
        await ExpectEchoAsync(await Peer.OpenAsync(Fields()));
        await ExpectEchoAsync(await Peer.OpenAsync([.. Fields(), ("upgrade", "h2c"), ("sec-websocket-key", "short")]));
    }

    [Fact]
    public async Task After_the_answer_the_stream_is_an_open_WebSocket()
    {
        var stream = await Peer.ConnectStreamAsync(HandshakeServer.Echo);
        Assert.Equal(200, await stream.Status.Soon());
        var peer = stream.ToRawPeer();
        await peer.SendPingAsync("are you there?");
        var pong = await peer.NextAsync();
        Assert.Equal((RawFrame.PongOpcode, "are you there?"), (pong.Opcode, pong.Text));
        var large = new byte[30_000];
        new Random(8441).NextBytes(large);
        await peer.SendBinaryAsync(large);
        Assert.Equal(large, (await peer.NextAsync()).Payload);
        await peer.SendFrameAsync(RawFrame.TextOpcode, isMasked: false);
        await peer.ExpectCloseAsync(CloseCode.ProtocolError);
    }

    private static (string Name, string Value)[] Fields(string scheme = "http", string authority = "localhost") =>
    [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", scheme), (":path", HandshakeServer.Echo), (":authority", authority),
        ("sec-websocket-version", "13"),
    ];

    private Task SendSettingAsync(int value) =>
        Peer.SendAsync(new Http2Frame(Http2Frame.SettingsType, 0, 0, [0, EnableConnectProtocol, .. Http2Frame.Encode(value)]));

    // Only this stream: the connection goes on.
    private async Task ExpectResetAsync((string Name, string Value)[] fields)
    {
        var stream = await Peer.OpenAsync(fields);
        Assert.Equal(ProtocolError, await stream.End.Soon());
        Assert.False(stream.Status.IsCompleted);
        await ExpectEchoAsync();
    }

    private async Task ExpectEchoAsync(Http2PeerStream? stream = null)
    {
        stream ??= await Peer.ConnectStreamAsync(HandshakeServer.Echo);
        Assert.Equal(200, await stream.Status.Soon());
        var peer = stream.ToRawPeer();
        await peer.SendTextAsync("hello");
        Assert.Equal("hello", (await peer.NextAsync()).Text);
    }
}
