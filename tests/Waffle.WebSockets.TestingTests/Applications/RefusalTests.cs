using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Applications;

public sealed class RefusalTests
{
    [Fact]
    public async Task An_origin_of_another_site_gets_403_and_the_reason()
    {
        await using var app = await StartAsync();

        var refused = await RefusedAsync(app, options => options.Headers.Origin = "https://elsewhere.example");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.StartsWith("This origin is neither the host of the request nor among the allowed origins", refused.Body, StringComparison.Ordinal);
        Assert.Contains("403: This origin", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_own_origin_is_welcome()
    {
        await using var app = await StartAsync();

        await using var client = await app.Server.ConnectWebSocketAsync("/ws", options => options.Headers.Origin = "http://localhost");

        await client.PingAsync();
    }

    [Fact]
    public async Task A_whole_address_sets_scheme_and_host()
    {
        await using var app = await StartAsync();

        await using var client = await app.Server.ConnectWebSocketAsync(
            "wss://localhost:8443/ws", options => options.Headers.Origin = "https://localhost:8443");

        var request = app.Hub.Clients.Single().Connection.GetHttpContext()!.Request;
        Assert.Equal(("https", "localhost:8443", "/ws"), (request.Scheme, request.Host.Value, request.Path.Value));
    }

    [Fact]
    public async Task Another_address_gets_404()
    {
        await using var app = await StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await RefusedAsync(app, path: "/nowhere")).Status);
    }

    [Fact]
    public async Task Another_version_gets_426_and_the_right_one()
    {
        await using var app = await StartAsync();

        var refused = await RefusedAsync(app, options => options.Headers.SecWebSocketVersion = "12");

        Assert.Equal(HttpStatusCode.UpgradeRequired, refused.Status);
        Assert.Equal("13", refused.Headers.SecWebSocketVersion);
    }

    [Fact]
    public async Task A_request_that_the_test_has_changed_is_refused_as_it_deserves()
    {
        await using var app = await StartAsync();

        var post = await RefusedAsync(app, options => options.ConfigureRequest = http => http.Request.Method = "POST");
        var plain = await RefusedAsync(app, options => options.ConfigureRequest = http => http.Request.Headers.Remove("Upgrade"));
        var key = await RefusedAsync(app, options => options.Headers.SecWebSocketKey = "short");

        Assert.Equal(
            [HttpStatusCode.MethodNotAllowed, HttpStatusCode.UpgradeRequired, HttpStatusCode.BadRequest],
            [post.Status, plain.Status, key.Status]);
    }

    [Fact]
    public async Task A_filter_of_the_applications_refuses()
    {
        await using var app = await TestApplication.StartAsync(app => app.MapWebSocketHub("/ws").AddEndpointFilter(
            async (context, next) => context.HttpContext.Request.Query["room"] == "tea"
                ? await next(context)
                : Results.Text("No such room.", statusCode: 410)));

        var refused = await RefusedAsync(app, path: "/ws?room=coffee");
        await using var client = await app.Server.ConnectWebSocketAsync("/ws?room=tea");

        Assert.Equal((HttpStatusCode.Gone, "No such room."), (refused.Status, refused.Body));
    }

    [Fact]
    public async Task An_exception_before_the_endpoint_reaches_the_test()
    {
        await using var app = await TestApplication.StartAsync(app =>
        {
            app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = http => http.Response.WriteAsync("The application failed.") });
            app.Use((HttpContext _, RequestDelegate _) => throw new InvalidOperationException("broken"));
        });

        var refused = await RefusedAsync(app);

        Assert.Equal((HttpStatusCode.InternalServerError, "The application failed."), (refused.Status, refused.Body));
    }

    [Fact]
    public async Task More_handshakes_than_allowed_get_503()
    {
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await TestApplication.StartAsync(app => app
            .MapWebSocketHub("/ws", options => options.MaxConcurrentHandshakes = 1)
            .AddEndpointFilter(async (context, next) =>
            {
                reached.SetResult();
                await gate.Task;
                return await next(context);
            }));
        var first = app.Server.ConnectWebSocketAsync("/ws");
        await reached.Task;

        var refused = await RefusedAsync(app);
        gate.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);

        await using var client = await first;
        await client.PingAsync();
    }

    [Fact]
    public async Task A_handshake_that_hangs_is_cut_after_its_timeout()
    {
        var reached = new TaskCompletionSource();
        await using var app = await TestApplication.StartAsync(app => app.MapWebSocketHub("/ws").AddEndpointFilter(async (context, next) =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, context.HttpContext.RequestAborted);
            return await next(context);
        }));

        var connecting = app.Server.ConnectWebSocketAsync("/ws");
        await reached.Task;
        app.Time.Advance(TimeSpan.FromSeconds(11));

        var failure = await Assert.ThrowsAsync<WebSocketTestException>(() => connecting);
        Assert.Contains("cut the request off", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, app.Hub.Count);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told()
    {
        await using var app = await TestApplication.StartAsync(app => app.MapWebSocketHub("/ws").AddEndpointFilter(async (context, next) =>
        {
            await Task.Delay(Timeout.Infinite, context.HttpContext.RequestAborted);
            return await next(context);
        }));

        var failure = await Assert.ThrowsAsync<WebSocketTestException>(
            () => app.Server.ConnectWebSocketAsync("/ws", options => options.Patience = TimeSpan.FromMilliseconds(50)));

        Assert.Contains("did not answer the handshake", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_own_client_gets_501_and_the_log_names_ours()
    {
        await using var app = await StartAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => app.Server.CreateWebSocketClient().ConnectAsync(new Uri("ws://localhost/ws"), CancellationToken.None));

        Assert.Contains("501", error.Message, StringComparison.Ordinal);
        const string Advice = "ConnectWebSocketAsync of the package Waffle.WebSockets.Testing";
        Assert.Contains(app.Logs.Lines, line => line.Text.Contains(Advice, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plain_request_is_told_to_upgrade()
    {
        await using var app = await StartAsync();
        using var http = app.Server.CreateClient();

        using var answer = await http.GetAsync(new Uri("/ws", UriKind.Relative));

        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }

    private static Task<TestApplication> StartAsync() => TestApplication.StartAsync(app => app.MapWebSocketHub("/ws"));

    private static Task<WebSocketTestRefusedException> RefusedAsync(
        TestApplication app, Action<WebSocketTestClientOptions>? configure = null, string path = "/ws") =>
        Assert.ThrowsAsync<WebSocketTestRefusedException>(() => app.Server.ConnectWebSocketAsync(path, configure));
}
