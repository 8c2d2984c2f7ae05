using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.AspNetCore.DirectOutput;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore.DirectOutput;

/// <summary>Frames go straight into the socket where nothing lies between, and only once the server has nothing left to send itself.</summary>
public sealed class DirectOutputTests
{
    private const int Messages = 300;

    [Fact]
    public async Task A_client_that_has_never_said_anything_is_sent_to_directly()
    {
        await using var host = await StartAsync();
        await using var peer = await host.ConnectPeerAsync("/ws");
        var client = await host.FindOnlyClientAsync();
        Assert.Equal(1, (await host.Hub.BroadcastTextAsync("hello")).Queued);

        Assert.Equal("hello", (await peer.NextAsync()).Text);
        Assert.True(IsDirect(client));
    }

    [Theory]
    [InlineData(TransportKind.Tls)]
    [InlineData(TransportKind.Logged)]
    [InlineData(TransportKind.Changed)]
    public async Task Behind_anything_else_the_pipe_stays_the_way(TransportKind kind)
    {
        await using var host = await TestServer.StartAsync(kind, Map, AddHub);
        await using var peer = await host.ConnectPeerAsync(kind);
        await AssertAllCome(host, peer);
        Assert.Null(FindOutput(await host.FindOnlyClientAsync()));
    }

    [Fact]
    public async Task Over_HTTP2_the_stream_stays_the_way()
    {
        await using var host = await KestrelHost.StartAsync(Map, AddHub, protocols: HttpProtocols.Http2);
        using var client = new System.Net.WebSockets.ClientWebSocket();
        client.Options.HttpVersion = new Version(2, 0);
        client.Options.HttpVersionPolicy = System.Net.Http.HttpVersionPolicy.RequestVersionExact;
        using var http = new System.Net.Http.SocketsHttpHandler();
        using var invoker = new System.Net.Http.HttpMessageInvoker(http);
        await client.ConnectAsync(host.WebSocketAddress("/ws"), invoker, CancellationToken.None).Soon();
        Assert.Null(FindOutput(await host.FindOnlyClientAsync()));
        await host.Hub.BroadcastTextAsync("hello");
        Assert.Equal(5, (await client.ReceiveAsync(new byte[100], CancellationToken.None).Soon()).Count);
    }

    [Fact]
    public async Task The_option_turns_it_off()
    {
        await using var host = await KestrelHost.StartAsync(
            static app => app.MapWebSocketHub("/ws", options => options.DirectSocket = false), AddHub);
        await using var peer = await host.ConnectPeerAsync("/ws");
        await AssertAllCome(host, peer);
        Assert.Null(FindOutput(await host.FindOnlyClientAsync()));
    }

    // A wrong count would not be noticed by a peer as long as it is too large: so what counts is that the way is taken.
    [Theory]
    [InlineData("X-Long", 3000, true)]
    [InlineData("Set-Cookie", 10, true)]
    [InlineData("X-Empty", 0, true)]
    public async Task Whatever_the_answers_headers_the_servers_bytes_are_counted_right(string name, int length, bool isDirect)
    {
        await using var host = await StartAsync(http =>
        {
            http.Response.Headers.Append(name, new string('v', length));
            http.Response.Headers.Append(name, new string('w', length));
            http.Response.Headers.Server = "a server of my own";
        });
        await using var peer = await host.ConnectPeerAsync("/ws", lines => lines.Add("Sec-WebSocket-Protocol: tea, coffee"));
        await AssertAllCome(host, peer);
        Assert.Equal(isDirect, IsDirect(await host.FindOnlyClientAsync()));
    }

    [Fact]
    public async Task A_header_whose_length_is_the_servers_choice_leaves_the_pipe_the_way()
    {
        await using var host = await KestrelHost.StartAsync(
            app => Map(app, static http => http.Response.Headers["X-Name"] = "Jürgen"),
            static builder =>
            {
                AddHub(builder);
                builder.Services.Configure<KestrelServerOptions>(static kestrel => kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8);
            });
        await using var peer = await host.ConnectPeerAsync("/ws");
        await AssertAllCome(host, peer);
        Assert.Null(FindOutput(await host.FindOnlyClientAsync()));
    }

    // What is sent before the peer has spoken could not be told from the rest of an earlier answer.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_before_it_on_the_same_connection_are_counted_and_the_peer_has_to_speak_first(bool doesPeerSpeakFirst)
    {
        await using var host = await StartAsync();
        await using var stream = await host.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await stream.WriteAsync("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            await ReadUntilAsync(stream, "\r\n\r\nhello");
        }

        await using var peer = await RawHandshake.UpgradeAsync(stream, "/ws");
        if (!doesPeerSpeakFirst)
        {
            await AssertAllCome(host, peer);
            Assert.False(IsDirect(await host.FindOnlyClientAsync()));
        }

        await peer.SendFrameAsync(RawFrame.PingOpcode, "here"u8.ToArray());
        Assert.Equal("here", (await peer.NextAsync()).Text);
        await AssertAllCome(host, peer);
        Assert.Equal(doesPeerSpeakFirst, IsDirect(await host.FindOnlyClientAsync()));
    }

    [Fact]
    public async Task A_client_that_does_not_wait_for_answers_gets_everything_in_order()
    {
        await using var host = await StartAsync();
        await using var stream = await host.ConnectAsync();
        var requests = string.Concat(Enumerable.Repeat("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n", 3)) + RawHandshake.Request("/ws");
        var (first, transport) = await RawHandshake.SendAsync(stream, requests);
        Assert.StartsWith("HTTP/1.1 200", first, StringComparison.Ordinal);
        var reading = transport.Input.AsStream();
        var head = await ReadUntilAsync(reading, "Sec-WebSocket-Accept");
        Assert.EndsWith("\r\n\r\n", await ReadUntilAsync(reading, "\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains("101", head, StringComparison.Ordinal);
        await using var peer = new RawPeer(new DuplexPipe(PipeReader.Create(reading), transport.Output));
        await AssertAllCome(host, peer);
    }

    // Small buffers: the kernel takes parts, or nothing for a while.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_the_first_message_on_everything_comes_once_and_in_order(bool hasSmallBuffers)
    {
        await using var host = await KestrelHost.StartAsync(Map, builder =>
        {
            builder.Services.AddWebSocketHub(static options => options.OnConnected = static async (client, token) =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    await client.SendBinaryAsync(Numbered(i), default, token);
                    if (i % 50 == 0)
                    {
                        await Task.Yield();
                    }
                }
            });
            if (hasSmallBuffers)
            {
                builder.UseSmallSendBuffers();
            }
        });
        for (var round = 0; round < 20; round++)
        {
            await using var stream = await host.ConnectAsync(socket => socket.ReceiveBufferSize = hasSmallBuffers ? 4096 : 1024 * 1024);
            await using var peer = await RawHandshake.UpgradeAsync(stream, "/ws");
            for (var i = 0; i < Messages; i++)
            {
                Assert.Equal(Numbered(i), (await peer.NextAsync()).Payload);
            }

            var client = await host.FindOnlyClientAsync();
            for (var i = 0; i < 10 && !IsDirect(client); i++)
            {
                await client.SendBinaryAsync(Numbered(1));
                Assert.Equal(Numbered(1), (await peer.NextAsync()).Payload);
            }

            Assert.True(IsDirect(client));
            await peer.SendCloseAsync();
            await peer.ExpectCloseAsync(CloseCode.NormalClosure);
            await Wait.Eventually(() => host.Hub.Count == 0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_abort_amid_sends_ends_the_connection_and_leaves_nobody_waiting(bool isPeersReset)
    {
        await using var host = await StartAsync();
        for (var round = 0; round < 50; round++)
        {
            await using var stream = await host.ConnectAsync(static socket => socket.ReceiveBufferSize = 4096);
            await using var peer = await RawHandshake.UpgradeAsync(stream, "/ws");
            var client = await host.FindOnlyClientAsync();
            var sending = Task.Run(async () =>
            {
                while (await client.Connection.WriteBinaryAsync(new byte[1000 * (round + 1)]) == SendStatus.Queued)
                {
                }
            });
            for (var i = 0; i < round; i++)
            {
                Assert.Equal(1000 * (round + 1), (await peer.NextAsync()).Payload.Length);
            }

            if (isPeersReset)
            {
                stream.Close();
            }
            else
            {
                client.Connection.Abort();
            }

            await sending.Soon();
            await client.Connection.Completion.Soon();
            await Wait.Eventually(() => host.Hub.Count == 0);
        }
    }

    private static Task<KestrelHost> StartAsync(Action<HttpContext>? change = null) => KestrelHost.StartAsync(app => Map(app, change), AddHub);

    private static void Map(WebApplication app) => Map(app, change: null);

    private static void Map(WebApplication app, Action<HttpContext>? change)
    {
        if (change is not null)
        {
            app.Use((http, next) =>
            {
                change(http);
                return next(http);
            });
        }

        app.MapGet("/page", () => Results.Bytes("hello"u8.ToArray()));
        app.MapWebSocketHub("/ws", options =>
        {
            options.DirectSocket = true;
            options.Subprotocols.Add("coffee");
        });
    }

    private static void AddHub(WebApplicationBuilder builder) => builder.Services.AddWebSocketHub();

    private static bool IsDirect(HubClient client) => FindOutput(client) is { IsDirect: true };

    private static SocketAfterPipeOutput? FindOutput(HubClient client) =>
        ((ServerOutput)client.Connection.Transport.Output).Output as SocketAfterPipeOutput;

    // One after another: after each the server has nothing left.
    private static async Task AssertAllCome(KestrelHost host, RawPeer peer)
    {
        await host.FindOnlyClientAsync();
        for (var i = 0; i < 10; i++)
        {
            await host.Hub.BroadcastBinaryAsync(Numbered(i));
            Assert.Equal(Numbered(i), (await peer.NextAsync()).Payload);
        }
    }

    private static byte[] Numbered(int number) => ConnectionTestExtensions.Numbered(number, 8 + (number * 7_919 % 5_000));

    private static async Task<string> ReadUntilAsync(Stream stream, string end)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.Equal(1, await stream.ReadAsync(one).AsTask().Soon());
            text.Append((char)one[0]);
        }

        return text.ToString();
    }
}
