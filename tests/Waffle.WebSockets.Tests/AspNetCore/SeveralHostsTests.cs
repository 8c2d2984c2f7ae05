using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Two applications in one process, as in tests, share nothing, although they may share a log.</summary>
public sealed class SeveralHostsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_has_its_own_handshakes_and_counts_and_all_its_scopes_the_same(bool shareLog)
    {
        await using var one = await StartAsync(shareLog);
        await using var other = await StartAsync(shareLog);
        using var limitsOfOne = new CountedLimits(one);
        using var limitsOfOther = new CountedLimits(other);

        Assert.NotSame(EndpointApplication.For(one.App.Services).Handshakes, EndpointApplication.For(other.App.Services).Handshakes);
        Assert.Same(EndpointApplication.For(one.App.Services).Handshakes.Hits, LimitHits.For(one.App.Services));
        Assert.Same(one.Hub.Hits, LimitHits.For(one.App.Services));
        await using var scope = one.App.Services.CreateAsyncScope();
        Assert.Same(EndpointApplication.For(one.App.Services).Handshakes, EndpointApplication.For(scope.ServiceProvider).Handshakes);

        await OfferTooMuchAsync(other);
        await limitsOfOther.ExpectOnlyAsync("subprotocols");
        Assert.Empty(limitsOfOne.Counts);
    }

    private static async Task OfferTooMuchAsync(KestrelHost host)
    {
        var names = string.Join(", ", Enumerable.Range(0, 33).Select(static i => $"x{i}"));
        var (head, _) = await RawHandshake.SendAsync(
            await host.ConnectAsync(), RawHandshake.Request("/ws", lines => lines.Add($"Sec-WebSocket-Protocol: {names}")));
        Assert.StartsWith("HTTP/1.1 400", head, StringComparison.Ordinal);
    }

    private static Task<KestrelHost> StartAsync(bool shareLog) => KestrelHost.StartAsync(
        static app => app.MapWebSocketHub("/ws"),
        builder =>
        {
            builder.Services.AddWebSocketHub();
            if (shareLog)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(NullLoggerFactory.Instance));
            }
        });
}
