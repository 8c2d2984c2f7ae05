using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>What a handler does to its own connection does nothing to the others.</summary>
public class HandlerFaultTests
{
    [Fact]
    public async Task A_handler_that_throws_ends_its_own_connection_only()
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", async (connection, ct) =>
        {
            await foreach (var message in connection.ReadAllAsync(ct))
            {
                await connection.WriteTextAsync(message.GetText() is "fail" ? throw new InvalidOperationException("secret") : "fine", ct);
            }
        }));
        var other = await host.ConnectPeerAsync("/ws");
        for (var i = 0; i < 10; i++)
        {
            await using var peer = await host.ConnectPeerAsync("/ws");
            await peer.SendTextAsync("fail");
            Assert.Equal(CloseCode.InternalError, (await peer.ReadFrameAsync())!.CloseCode);
            await other.SendTextAsync("still there?");
            Assert.Equal("fine", (await other.ReadFrameAsync())!.Text);
        }

        await other.DisposeAsync();
        await host.App.StopAsync();
        Assert.Equal(10, host.Logs.Lines.Count(line => line.Level >= LogLevel.Warning));
    }

    [Fact]
    public async Task A_handler_that_never_returns_holds_up_no_other_connection_and_not_the_end_of_its_own()
    {
        var forever = new TaskCompletionSource();
        var entered = new TaskCompletionSource<WebSocketConnection>();
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", async (connection, ct) =>
        {
            await connection.WriteTextAsync(await connection.ReadTextAsync(ct), ct);
            if (entered.TrySetResult(connection))
            {
                await forever.Task;
            }
        }));
        var stuck = await host.ConnectPeerAsync("/ws");
        await stuck.SendTextAsync("stay");
        var connection = await entered.Task.Soon();
        await using (var other = await host.ConnectPeerAsync("/ws"))
        {
            await other.SendTextAsync("hello");
            Assert.Equal("hello", (await other.ReadFrameAsync())!.Text);
        }

        await stuck.DisposeAsync();
        Assert.Equal(CloseCause.PeerVanished, (await connection.Completion.Soon()).Cause);
        forever.SetResult();
    }
}
