using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>With the settings of docs/deployment.md behind a real nginx that cuts what is idle.</summary>
[Collection(RunsAlone.Name)]
public sealed class NginxTests
{
    // nginx has 60 s unless told; the proportion to the pings is that of the defaults.
    private const string IdleTime = "proxy_read_timeout 6s; proxy_send_timeout 6s;";

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Pings_keep_a_connection_open_that_nginx_would_cut()
    {
        await using var host = await StartAsync();
        await using var nginx = await NginxProxy.StartAsync(host.Address, IdleTime);
        await using var pinged = new AnsweringPeer(await nginx.ConnectPeerAsync("/ws"));
        await using var quiet = await nginx.ConnectPeerAsync("/ws/quiet");
        await pinged.AssertEchoesAsync("hello");
        Assert.Null(await quiet.ReadFrameAsync());
        await Wait.Eventually(() => pinged.Pings >= 8, "it is open for longer than nginx's time limit");
        await pinged.AssertEchoesAsync("still there");
    }

    [Fact]
    public async Task Close_codes_pass_in_both_directions()
    {
        var ends = new TaskCompletionSource<CloseInfo>();
        await using var host = await StartAsync(ends);
        await using var nginx = await NginxProxy.StartAsync(host.Address, IdleTime);
        await using var leaving = await nginx.ConnectPeerAsync("/ws");
        await leaving.SendCloseAsync(4001, "bye");
        Assert.Equal("bye", (await leaving.ExpectCloseAsync((CloseCode)4001)).CloseReason);
        Assert.Null(await leaving.ReadFrameAsync());
        Assert.Equal(((CloseCode)4001, CloseCause.PeerClosed), ((await ends.Task.Soon()).Code, (await ends.Task).Cause));

        await using var sent = await nginx.ConnectPeerAsync("/ws");
        await Wait.Eventually(() => host.Hub.Count == 1);
        var closing = host.Hub.Clients.Single().CloseAsync((CloseCode)4002, "go");
        Assert.Equal("go", (await sent.ExpectCloseAsync((CloseCode)4002)).CloseReason);
        await sent.SendCloseAsync(4002);
        await closing.Soon();
        Assert.Null(await sent.ReadFrameAsync());
    }

    [Theory]
    [InlineData("http://chat.example", "101")]
    [InlineData("https://chat.example", "101")]
    [InlineData("https://evil.example", "403")]
    public async Task The_host_that_nginx_forwards_is_the_own_one(string origin, string status)
    {
        await using var host = await StartAsync();
        await using var nginx = await NginxProxy.StartAsync(host.Address, IdleTime);
        var request = RawHandshake.Request("/ws", lines =>
        {
            lines[0] = "Host: chat.example";
            lines.Add($"Origin: {origin}");
        });
        await using var stream = await nginx.ConnectAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", (await RawHandshake.SendAsync(stream, request)).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clients_address_is_the_one_that_nginx_has_seen()
    {
        await using var host = await StartAsync();
        await using var nginx = await NginxProxy.StartAsync(host.Address, IdleTime);
        await using var peer = await RawHandshake.UpgradeAsync(await nginx.ConnectAsync(from: "127.0.0.2"), "/ws/address");
        Assert.Equal("http 127.0.0.2", (await peer.NextAsync()).Text);
    }

    private static Task<KestrelHost> StartAsync(TaskCompletionSource<CloseInfo>? end = null) => KestrelHost.StartAsync(
        app =>
        {
            app.UseForwardedHeaders();
            app.MapWebSocketHub("/ws", Echo.RunAsync, options => options.PingInterval = _interval);
            app.MapWebSocketHub("/ws/quiet", Echo.RunAsync, options => options.PingInterval = TimeSpan.Zero);
            app.MapGet("/ws/address", async (HttpContext http) =>
            {
                if (await http.AcceptWebSocketConnectionAsync() is { } connection)
                {
                    await connection.WriteTextAsync($"{http.Request.Scheme} {http.Connection.RemoteIpAddress?.MapToIPv4()}");
                }
            });
        },
        builder =>
        {
            builder.Services.Configure<ForwardedHeadersOptions>(options =>
                options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);
            builder.Services.AddWebSocketHub(options => options.OnDisconnected = (_, disconnect) =>
            {
                end?.TrySetResult(disconnect.Close);
                return Task.CompletedTask;
            });
        });
}
