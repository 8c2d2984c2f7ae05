using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>How many handshakes may be under way, and for how long.</summary>
public sealed class HandshakeLimitTests
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeTimeProvider _time = new();
    private int _handled;
    private int _aborted;

    public static TheoryData<HttpProtocols> Protocols => [HttpProtocols.Http1, HttpProtocols.Http2];

    public static TheoryData<string, string> WaysOut => new()
    {
        { "/ws", "HTTP/1.1 101" },
        { "/ws?filter=throws", "HTTP/1.1 500" },
        { "/ws?filter=refuses", "HTTP/1.1 418" },
        { "/ws?filter=throws_at_once", "HTTP/1.1 500" },
        { "/hub?id=", "HTTP/1.1 400" },
        { "/hub?id=ann", "HTTP/1.1 101" },
        { "/by-hand", "HTTP/1.1 101" },
        { "/strict", "HTTP/1.1 403" },
        { "/by-hand-strict", "HTTP/1.1 403" },
    };

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task One_more_than_the_limit_is_refused_with_503_until_another_is_done(HttpProtocols protocols)
    {
        await using var host = await StartAsync(protocols, options => options.MaxConcurrentHandshakes = 2);
        using var limits = new CountedLimits(host);
        var held = Enumerable.Range(0, 2).Select(_ => AskAsync(host, protocols, "/ws?filter=hangs")).ToArray();
        await ExpectUnderWayAsync(host, 2);

        Assert.Equal(503, await AskAsync(host, protocols, "/ws"));
        Assert.Equal(503, await AskAsync(host, protocols, "/other"));
        await limits.ExpectOnlyAsync("max_concurrent_handshakes", 2);

        _gate.SetResult();
        var accepted = protocols == HttpProtocols.Http1 ? 101 : 200;
        Assert.Equal([accepted, accepted], await Task.WhenAll(held).Soon());
        await ExpectUnderWayAsync(host, 0);
        Assert.Equal(accepted, await AskAsync(host, protocols, "/ws"));
    }

    [Fact]
    public async Task Who_is_refused_is_told_when_to_come_back_in_seconds()
    {
        await using var host = await StartAsync(HttpProtocols.Http1, options => options.MaxConcurrentHandshakes = 1);
        _ = AskAsync(host, HttpProtocols.Http1, "/ws?filter=hangs");
        await ExpectUnderWayAsync(host, 1);

        var (head, _) = await RawHandshake.SendAsync(await host.ConnectAsync(), RawHandshake.Request("/ws"));
        var seconds = head.Split("\r\nRetry-After: ")[1].Split("\r\n")[0];
        Assert.InRange(int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), 1, 10);
        Assert.Contains("\r\nConnection: close", head, StringComparison.Ordinal);
        _gate.SetResult();
    }

    [Theory]
    [MemberData(nameof(WaysOut))]
    public async Task A_handshake_is_over_whichever_way_it_ends(string path, string status)
    {
        await using var host = await StartAsync(HttpProtocols.Http1, options => options.MaxConcurrentHandshakes = 1);
        for (var i = 0; i < 3; i++)
        {
            var (head, _) = await RawHandshake.SendAsync(await host.ConnectAsync(), RawHandshake.Request(path));
            Assert.StartsWith(status, head, StringComparison.Ordinal);
            await ExpectUnderWayAsync(host, 0);
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_nothing_under_way()
    {
        await using var host = await StartAsync(HttpProtocols.Http1, options => options.MaxConcurrentHandshakes = 1);
        await using (var stream = await host.ConnectAsync())
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(RawHandshake.Request("/ws?filter=waits")));
            await ExpectUnderWayAsync(host, 1);
        }

        await ExpectUnderWayAsync(host, 0);
        Assert.Equal(101, await AskAsync(host, HttpProtocols.Http1, "/ws"));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_filter_that_hangs_is_cut_after_the_HandshakeTimeout_and_what_it_does_later_is_too_late(HttpProtocols protocols)
    {
        await using var host = await StartAsync(protocols);
        using var limits = new CountedLimits(host);
        var answer = AskAsync(host, protocols, "/ws?filter=hangs");
        await ExpectUnderWayAsync(host, 1);
        _time.Advance(TimeSpan.FromSeconds(10) - ConnectionTestExtensions.Tick);
        Assert.Equal(1, UnderWay(host));
        Assert.Equal(0, Volatile.Read(ref _aborted));

        _time.Advance(ConnectionTestExtensions.Tick);
        Assert.Equal(0, await answer.Soon());
        await ExpectUnderWayAsync(host, 0);
        await Wait.Eventually(() => Volatile.Read(ref _aborted) == 1, "the filter is told by its token");
        await limits.ExpectOnlyAsync("handshake_timeout");
        _gate.SetResult();
        Assert.Equal(protocols == HttpProtocols.Http1 ? 101 : 200, await AskAsync(host, protocols, "/ws"));
        await Wait.Eventually(() => Volatile.Read(ref _handled) == 1, "the last one is handled");
        Assert.Equal(0, UnderWay(host));
    }

    [Fact]
    public async Task Zero_is_no_limit_and_no_time()
    {
        await using var host = await StartAsync(
            HttpProtocols.Http1, options => (options.MaxConcurrentHandshakes, options.HandshakeTimeout) = (0, TimeSpan.Zero));
        var held = Enumerable.Range(0, 20).Select(_ => AskAsync(host, HttpProtocols.Http1, "/ws?filter=hangs")).ToArray();
        await ExpectUnderWayAsync(host, 20);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(20, UnderWay(host));
        _gate.SetResult();

        Assert.All(await Task.WhenAll(held).Soon(), status => Assert.Equal(101, status));
    }

    private static int UnderWay(KestrelHost host) => EndpointApplication.For(host.App.Services).Handshakes.Count;

    private static Task ExpectUnderWayAsync(KestrelHost host, int count) =>
        Wait.Eventually(() => UnderWay(host) == count, $"{count} handshakes are under way");

    // The answer's status; 0 if there is none.
    private static async Task<int> AskAsync(KestrelHost host, HttpProtocols protocols, string path)
    {
        try
        {
            if (protocols == HttpProtocols.Http1)
            {
                var (head, _) = await RawHandshake.SendAsync(await host.ConnectAsync(), RawHandshake.Request(path));
                return head.Length == 0 ? 0 : int.Parse(head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
            }

            var peer = await Http2Peer.ConnectAsync(host);
            var stream = await peer.ConnectStreamAsync(path);
            await Task.WhenAny(stream.Status, stream.End).Soon();
            return stream.Status.IsCompletedSuccessfully ? await stream.Status : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private Task<KestrelHost> StartAsync(HttpProtocols protocols, Action<WebSocketEndpointOptions>? configure = null) => KestrelHost.StartAsync(
        app =>
        {
            app.MapWebSocket("/ws", HandleAsync).AddEndpointFilter(FilterAsync);
            app.MapWebSocket("/other", HandleAsync);
            app.MapWebSocket("/strict", HandleAsync, options => options.RequireOrigin = true);
            app.MapWebSocketHub("/hub", options => options.ClientId = static http => http.Request.Query["id"]);
            app.Map("/by-hand", static async http => await AcceptAsync(http, null));
            app.Map("/by-hand-strict", static async http => await AcceptAsync(http, new WebSocketEndpointOptions { RequireOrigin = true }));
        },
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time).AddWebSocketHub();
            builder.Services.Configure<WebSocketEndpointOptions>(options => configure?.Invoke(options));
        },
        protocols: protocols,
        environment: "Production");

    private static async Task AcceptAsync(HttpContext http, WebSocketEndpointOptions? options)
    {
        if (await http.AcceptWebSocketConnectionAsync(options) is { } connection)
        {
            await connection.ReadAllAsync().GetAsyncEnumerator().MoveNextAsync();
        }
    }

    private Task HandleAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _handled);
        return connection.Completion;
    }

    private ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        return (string?)context.HttpContext.Request.Query["filter"] switch
        {
            "hangs" => HangAsync(),
            "waits" => WaitAsync(),
            "throws" => ThrowAsync(),
            "throws_at_once" => throw new InvalidOperationException("The filter failed."),
            "refuses" => new ValueTask<object?>(Results.StatusCode(418)),
            _ => next(context),
        };

        async ValueTask<object?> HangAsync()
        {
            context.HttpContext.RequestAborted.UnsafeRegister(_ => Interlocked.Increment(ref _aborted), null);
            await _gate.Task;
            return await next(context);
        }

        async ValueTask<object?> WaitAsync()
        {
            await Wait.ForCancellationAsync(context.HttpContext.RequestAborted);
            return await next(context);
        }

        static async ValueTask<object?> ThrowAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("The filter failed.");
        }
    }
}
