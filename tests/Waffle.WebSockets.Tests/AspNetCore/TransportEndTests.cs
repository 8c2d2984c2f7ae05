using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>The end over each kind of transport: seen at once, nothing logged from Information up, no exception unobserved.</summary>
[Collection(RunsAlone.Name)]
public sealed class TransportEndTests
{
    public static TheoryData<TransportKind> Transports => [.. Enum.GetValues<TransportKind>()];

    // The server's connection logging completes nothing below itself before the handler's end.
    public static TheoryData<TransportKind> TransportsThatEndAtOnce => [TransportKind.Plain, TransportKind.Tls, TransportKind.Changed];

    [Theory]
    [MemberData(nameof(TransportsThatEndAtOnce))]
    public async Task After_our_close_the_stream_ends_though_the_handler_still_runs(TransportKind kind)
    {
        using var unobserved = new UnobservedErrors();
        var handlerMayEnd = new TaskCompletionSource();
        await using var host = await TestServer.StartAsync(
            kind, app => app.MapWebSocket("/ws", (_, connection, _) => SendCloseAndStayAsync(connection, handlerMayEnd.Task)));

        await using var peer = await host.ConnectPeerAsync(kind);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(10_000, (await peer.ReadFrameAsync())!.Payload.Length);
        }

        Assert.Equal("bye", (await peer.ReadFrameAsync())!.CloseReason);
        await peer.SendCloseAsync(1000);
        Assert.Null(await peer.ReadFrameAsync());

        handlerMayEnd.SetResult();
        await host.App.StopAsync();
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    [Theory]
    [MemberData(nameof(TransportsThatEndAtOnce))]
    public async Task After_the_peers_close_the_stream_ends_though_the_handler_still_runs(TransportKind kind)
    {
        using var unobserved = new UnobservedErrors();
        var handlerMayEnd = new TaskCompletionSource();
        await using var host = await TestServer.StartAsync(kind, app => app.MapWebSocket("/ws", (_, _) => handlerMayEnd.Task));

        await using var peer = await host.ConnectPeerAsync(kind);
        await peer.SendCloseAsync(4001, "bye");
        Assert.Equal("bye", (await peer.ReadFrameAsync())!.CloseReason);
        Assert.Null(await peer.ReadFrameAsync());

        handlerMayEnd.SetResult();
        await host.App.StopAsync();
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    [Theory]
    [MemberData(nameof(TransportsThatEndAtOnce))]
    public async Task After_a_violation_the_stream_ends_though_the_handler_still_runs(TransportKind kind)
    {
        using var unobserved = new UnobservedErrors();
        var handlerMayEnd = new TaskCompletionSource();
        await using var host = await TestServer.StartAsync(kind, app => app.MapWebSocket("/ws", (_, _) => handlerMayEnd.Task));

        await using var peer = await host.ConnectPeerAsync(kind);
        await peer.SendFrameAsync(RawFrame.TextOpcode, "x"u8.ToArray(), isMasked: false);
        Assert.Equal(CloseCode.ProtocolError, (await peer.ReadFrameAsync())!.CloseCode);
        Assert.Null(await peer.ReadFrameAsync());

        handlerMayEnd.SetResult();
        await host.App.StopAsync();
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task An_abort_cuts_the_stream_though_the_handler_still_runs(TransportKind kind)
    {
        using var unobserved = new UnobservedErrors();
        var handlerMayEnd = new TaskCompletionSource();
        await using var host = await TestServer.StartAsync(kind, app => app.MapWebSocket("/ws", async (connection, ct) =>
        {
            await connection.ReadTextAsync(ct);
            connection.Abort();
            await handlerMayEnd.Task;
        }));

        await using var peer = await host.ConnectPeerAsync(kind);
        await peer.SendTextAsync("cut me");
        try
        {
            Assert.Null(await peer.ReadFrameAsync());
        }
        catch (IOException)
        {
            // A reset.
        }

        handlerMayEnd.SetResult();
        await host.App.StopAsync();
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    private static async Task SendCloseAndStayAsync(WebSocketConnection connection, Task untilThen)
    {
        for (var i = 0; i < 200; i++)
        {
            await connection.WriteBinaryAsync(new byte[10_000]);
        }

        await connection.CloseAsync(CloseCode.NormalClosure, "bye");
        await untilThen;
    }
}
