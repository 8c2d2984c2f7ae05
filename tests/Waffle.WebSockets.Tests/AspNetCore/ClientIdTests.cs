using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Who a client is if the application does not say.</summary>
public sealed class ClientIdTests
{
    [Theory]
    [InlineData("4711", "Ann", "4711")]
    [InlineData(null, "Ann", "Ann")]
    [InlineData(null, null, null)]
    public void It_is_the_users_identifier_or_else_name(string? identifier, string? name, string? expected)
    {
        var claims = new List<Claim>();
        if (identifier is not null)
        {
            claims.Add(new Claim(ClaimTypes.NameIdentifier, identifier));
        }

        if (name is not null)
        {
            claims.Add(new Claim(ClaimTypes.Name, name));
        }

        var http = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity(claims, "test")) };
        Assert.Equal(expected, new WebSocketHubEndpointOptions().ClientId(http));
    }
}
