using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Runs a case against the server's echo, on a connection of its own.</summary>
internal static class CaseRun
{
    public static async Task RunAsync(this AutobahnServer server, AutobahnCase run)
    {
        await using (var answer = await server.ConnectAsync(AutobahnServer.Echo))
        {
            foreach (var exchange in run.Exchanges)
            {
                await answer.Peer.SendAsync(run.Chops.Cut(exchange.Frames));
                foreach (var reply in exchange.Replies)
                {
                    reply.AssertIs(await answer.Peer.NextReplyAsync());
                }
            }

            await answer.Peer.ExpectEndAsync(run.Close);
        }

        if (run.IsRace)
        {
            await server.RunWithoutWaitingAsync(run);
        }
    }

    /// <summary>The connection ends as it must: with one Close and nothing behind it, and the server closes the transport first.</summary>
    /// <param name="peer">The client.</param>
    /// <param name="close">The server's Close that must come by itself; <see langword="null"/>: the client closes with 1000.</param>
    public static async Task ExpectEndAsync(this RawPeer peer, CloseCode? close)
    {
        if (close is null)
        {
            await peer.SendCloseAsync();
        }

        AssertIsClose(await peer.NextReplyAsync(), close ?? CloseCode.NormalClosure);
        Assert.Null(await peer.ReadFrameAsync());
    }

    /// <summary>The next frame but pings, which are answered: on a busy machine a case may outlast the server's heartbeat.</summary>
    public static async Task<RawFrame> NextReplyAsync(this RawPeer peer)
    {
        var frame = await peer.NextAsync();
        while (frame.Opcode == RawFrame.PingOpcode)
        {
            await peer.SendPongAsync(frame.Payload);
            frame = await peer.NextAsync();
        }

        return frame;
    }

    public static async Task SendAsync(this RawPeer peer, IEnumerable<ReadOnlyMemory<byte>> writes)
    {
        foreach (var bytes in writes)
        {
            await peer.SendBytesAsync(bytes);
        }
    }

    private static async Task RunWithoutWaitingAsync(this AutobahnServer server, AutobahnCase run)
    {
        await using var answer = await server.ConnectAsync(AutobahnServer.Echo);
        await answer.Peer.SendAsync(run.Chops.Cut([.. run.Exchanges.SelectMany(exchange => exchange.Frames)]));

        var frames = await answer.Peer.ReadToEndAsync();

        Reply[] replies = [.. run.Exchanges.SelectMany(exchange => exchange.Replies)];
        Assert.InRange(frames.Count, 1, replies.Length + 1);
        for (var i = 0; i < frames.Count - 1; i++)
        {
            replies[i].AssertIs(frames[i]);
        }

        AssertIsClose(frames[^1], run.Close ?? CloseCode.NormalClosure);
    }

    private static void AssertIsClose(RawFrame frame, CloseCode code)
    {
        Assert.Equal((RawFrame.CloseOpcode, true, 0, false), (frame.Opcode, frame.IsFinal, frame.ReservedBits, frame.IsMasked));
        Assert.Equal(code, frame.CloseCode ?? CloseCode.NoStatusReceived);
    }
}
