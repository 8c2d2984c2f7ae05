using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>The end over each kind of transport: seen at once, though the handler still runs, and without a trace.</summary>
[Collection(RunsAlone.Name)]
public sealed class TransportEndTests
{
    public static TheoryData<TransportKind> Transports => [.. Enum.GetValues<TransportKind>()];

    // The server's connection logging completes nothing below itself before the handler's end.
    public static TheoryData<TransportKind> TransportsThatEndAtOnce => [TransportKind.Plain, TransportKind.Tls, TransportKind.Changed];

    [Theory]
    [MemberData(nameof(TransportsThatEndAtOnce))]
    public async Task After_our_close_the_stream_ends(TransportKind kind)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        var (peer, connection) = await scene.ConnectAsync();
        var sending = SendAndCloseAsync(connection);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(10_000, (await peer.ReadFrameAsync())!.Payload.Length);
        }

        Assert.Equal("bye", (await peer.ReadFrameAsync())!.CloseReason);
        await peer.SendCloseAsync(1000);
        Assert.Null(await peer.ReadFrameAsync());
        await sending.Soon();
        await scene.AssertNoTraceAsync();
    }

    [Theory]
    [MemberData(nameof(TransportsThatEndAtOnce))]
    public async Task After_the_peers_close_the_stream_ends(TransportKind kind)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        var (peer, _) = await scene.ConnectAsync();
        await peer.SendCloseAsync(4001, "bye");
        Assert.Equal("bye", (await peer.ReadFrameAsync())!.CloseReason);
        Assert.Null(await peer.ReadFrameAsync());
        await scene.AssertNoTraceAsync();
    }

    [Theory]
    [MemberData(nameof(TransportsThatEndAtOnce))]
    public async Task After_a_violation_the_stream_ends(TransportKind kind)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        var (peer, _) = await scene.ConnectAsync();
        await peer.SendFrameAsync(RawFrame.TextOpcode, "x"u8.ToArray(), isMasked: false);
        Assert.Equal(CloseCode.ProtocolError, (await peer.ReadFrameAsync())!.CloseCode);
        Assert.Null(await peer.ReadFrameAsync());
        await scene.AssertNoTraceAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task An_abort_cuts_the_stream(TransportKind kind)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        var (peer, connection) = await scene.ConnectAsync();
        connection.Abort();
        try
        {
            Assert.Null(await peer.ReadFrameAsync());
        }
        catch (IOException)
        {
            // A reset.
        }

        await scene.AssertNoTraceAsync();
    }

    private static async Task SendAndCloseAsync(WebSocketConnection connection)
    {
        for (var i = 0; i < 200; i++)
        {
            await connection.WriteBinaryAsync(new byte[10_000]);
        }

        await connection.CloseAsync(CloseCode.NormalClosure, "bye");
    }
}
