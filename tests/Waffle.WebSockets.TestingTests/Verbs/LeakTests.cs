using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Verbs;

public sealed class LeakTests
{
    [Fact]
    public async Task Nothing_holds_a_client_that_was_disposed_of()
    {
        var time = new FakeTimeProvider();
        await using var hub = new WebSocketHub(time: time);

        var (client, connection) = await ComeAndGoAsync(hub);

        await Wait.Eventually(() =>
        {
            GC.Collect();
            return !client.IsAlive && !connection.IsAlive;
        });
        GC.KeepAlive(time);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(WeakReference Client, WeakReference Connection)> ComeAndGoAsync(WebSocketHub hub)
    {
        var client = await hub.ConnectTestClientAsync();
        client.Network.Delay(TimeSpan.FromSeconds(1));
        var references = (new WeakReference(client), new WeakReference(hub.Clients.Single().Connection));
        await hub.BroadcastTextAsync("under way for ever");
        await client.DisposeAsync();
        return references;
    }
}
