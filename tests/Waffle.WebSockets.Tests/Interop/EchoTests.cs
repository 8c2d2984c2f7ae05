using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>Messages of all lengths in any frames, both ways at once, among pings from both sides.</summary>
public class EchoTests
{
    public static TheoryData<InteropCell, MessageCompression> Cells => InteropCells.AllCompressions;

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Every_message_comes_back_as_it_was_sent(InteropCell cell, MessageCompression compression)
    {
        var pinging = new TaskCompletionSource<TimeSpan[]>();
        await using var scene = await InteropScene.StartAsync(cell, (client, ct) => EchoAsync(client.Connection, pinging, ct), compression);
        var (peer, client) = await scene.ConnectAsync(cell);
        Assert.Equal(compression != MessageCompression.Disabled, client.Connection.Compression is not null);
        Assert.Equal(compression == MessageCompression.NoContextTakeover, client.Connection.Compression is { IsShared: true });
        var messages = InteropMessages.Create(seed: 6455);
        var sending = SendAsync(peer, messages);
        foreach (var message in messages)
        {
            InteropMessages.AssertEqual(message, await peer.ReceiveAsync());
        }

        await sending.Soon();
        await peer.CloseAsync(1000, "all there");
        Assert.Equal(messages.Count, (await pinging.Task.Soon()).Length);
        Assert.NotNull(client.Connection.LastRoundTripTime);
        var close = await client.Connection.Completion.Soon();
        Assert.Equal((CloseCause.PeerClosed, true, 0), (close.Cause, close.IsNormal, close.UnsentMessages));
        await scene.AssertNothingLoggedAsync();
    }

    private static async Task SendAsync(InteropPeer peer, List<PeerMessage> messages)
    {
        var random = new Random(8441);
        foreach (var message in messages)
        {
            await peer.SendAsync(message.Kind, InteropMessages.Cut(random, message.Data));
            await peer.PingAsync();
        }
    }

    // The peer finds each ping before the echo behind it, so it has answered all of them when it has all the echoes.
    private static async Task EchoAsync(WebSocketConnection connection, TaskCompletionSource<TimeSpan[]> pinging, CancellationToken cancellationToken)
    {
        var pings = new List<Task<TimeSpan>>();
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            pings.Add(connection.PingAsync(CancellationToken.None));
            await connection.WriteAsync(message.Kind, message.Data, cancellationToken);
        }

        await Task.WhenAll(pings).ContinueWith(pinging.SetFromTask, TaskScheduler.Default);
    }
}
