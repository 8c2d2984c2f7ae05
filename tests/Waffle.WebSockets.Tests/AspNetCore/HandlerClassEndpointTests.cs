using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Tests.Connections;
using static Waffle.WebSockets.Tests.Routing.HandlerScene;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>At an endpoint, handlers that are classes come from the application's services.</summary>
public sealed class HandlerClassEndpointTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("games")]
    public async Task A_class_has_the_applications_services(string? key)
    {
        await using var host = await TestServer.StartAsync(
            TransportKind.Plain,
            app => app.MapWebSocketHub("/ws", new MessageRouter().On<string, Greeter>("greet"), options => options.HubKey = key),
            builder =>
            {
                builder.Services.AddSingleton<Journal>().AddScoped<Unit>();
                _ = key is null ? builder.Services.AddWebSocketHub() : builder.Services.AddWebSocketHub(key);
            });
        await using var peer = await host.ConnectPeerAsync(TransportKind.Plain);

        for (var i = 1; i <= 2; i++)
        {
            await peer.SendTextAsync("""{"type":"greet","payload":"Ann"}""");
            Assert.Equal($"hello Ann from {i}", (await peer.NextAsync()).Text);
        }

        await peer.SendCloseAsync();
        await peer.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Null(await peer.ReadFrameAsync());
        Assert.Equal(["unit 1 disposed", "unit 2 disposed"], host.App.Services.GetRequiredService<Journal>().Lines);
        Assert.Empty(host.Complaints());
    }

    private sealed class Greeter(Unit unit) : IMessageHandler<string>
    {
        public async Task HandleAsync(HubClient client, string message, CancellationToken cancellationToken) =>
            await client.SendTextAsync($"hello {message} from {unit.Number}", default, cancellationToken);
    }
}
