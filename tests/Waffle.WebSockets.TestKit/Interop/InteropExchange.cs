using System.Globalization;
using Xunit;

namespace Waffle.WebSockets.TestKit.Interop;

/// <summary>Messages of all lengths in any frames, both ways at once, among pings from both sides.</summary>
public static class InteropExchange
{
    private const string SeedVariable = "INTEROP_SEED";

    /// <summary>Has a client send messages to a server that sends them back: others each time. A failure tells how to repeat it.</summary>
    public static Task RunAsync(InteropTransport transport, MessageCompression compression, Func<Uri, Task<InteropPeer>> connect) =>
        RunAsync(transport, compression, InteropAgreement.Expected(transport, compression), connect);

    /// <summary>The same with a client that asks for more.</summary>
    public static async Task RunAsync(
        InteropTransport transport, MessageCompression compression, InteropAgreement expected, Func<Uri, Task<InteropPeer>> connect)
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        try
        {
            await RunAsync(seed, transport, compression, expected, connect);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{SeedVariable}={seed} in the environment repeats this: {error.Message}", error);
        }
    }

    private static async Task RunAsync(
        int seed,
        InteropTransport transport,
        MessageCompression compression,
        InteropAgreement expected,
        Func<Uri, Task<InteropPeer>> connect)
    {
        var pinging = new TaskCompletionSource<TimeSpan[]>();
        await using var scene = await InteropScene.StartAsync(
            transport, (client, ct) => EchoAsync(client.Connection, pinging, ct), compression);
        var (peer, client) = await scene.ConnectAsync(connect);
        var agreement = InteropAgreement.Of(client);
        Assert.Equal(expected, agreement);
        Assert.Equal(agreement.Extensions, peer.Extensions);

        var random = new Random(seed);
        var messages = InteropMessages.Create(random);
        var sending = SendAsync(random, peer, messages);
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

    private static async Task SendAsync(Random random, InteropPeer peer, List<PeerMessage> messages)
    {
        foreach (var message in messages)
        {
            await peer.SendAsync(message.Kind, InteropMessages.Cut(random, message.Data));
            await peer.PingAsync();
        }
    }

    // The peer finds each ping before the echo behind it, so it has answered all of them when it has all the echoes.
    private static async Task EchoAsync(
        WebSocketConnection connection, TaskCompletionSource<TimeSpan[]> pinging, CancellationToken cancellationToken)
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
