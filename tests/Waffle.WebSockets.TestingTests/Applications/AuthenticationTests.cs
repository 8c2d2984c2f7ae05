using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Applications;

public sealed class AuthenticationTests
{
    [Fact]
    public async Task Nobody_gets_401_and_somebody_is_the_clients_user()
    {
        await using var app = await StartAsync();

        var refused = await Assert.ThrowsAsync<WebSocketTestRefusedException>(() => app.Server.ConnectWebSocketAsync("/ws"));
        await using var client = await app.Server.ConnectWebSocketAsync("/ws", options => options.User = User("ann"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("ann", app.Hub.Clients.Single().Id);
    }

    [Fact]
    public async Task A_user_without_the_role_gets_403()
    {
        await using var app = await StartAsync();

        var refused = await Assert.ThrowsAsync<WebSocketTestRefusedException>(
            () => app.Server.ConnectWebSocketAsync("/admin", options => options.User = User("ann")));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    [Fact]
    public async Task The_cookie_that_the_application_gives_is_accepted()
    {
        await using var app = await StartAsync();
        using var http = app.Server.CreateClient();
        using var signedIn = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), content: null);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        await using var client = await app.Server.ConnectWebSocketAsync("/ws", options => options.Headers.Cookie = cookie);

        Assert.Equal("bob", app.Hub.Clients.Single().Id);
    }

    private static ClaimsPrincipal User(string id) => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id)], "test"));

    private static Task<TestApplication> StartAsync() => TestApplication.StartAsync(
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapPost("/sign-in", (HttpContext http) => http.SignInAsync(User("bob")));
            app.MapWebSocketHub("/ws").RequireAuthorization();
            app.MapWebSocketHub("/admin").RequireAuthorization(policy => policy.RequireRole("admin"));
        },
        builder =>
        {
            builder.Services.AddAuthorization();
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
            {
                options.Events.OnRedirectToLogin = context => AnswerAsync(context.Response, StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = context => AnswerAsync(context.Response, StatusCodes.Status403Forbidden);
            });
        });

    private static Task AnswerAsync(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }
}
