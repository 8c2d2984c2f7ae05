using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.TestKit;

/// <summary>A server's connection and a hand-made peer, connected in memory, with the clock in the test's hand.</summary>
public sealed class ConnectionPair : IAsyncDisposable
{
    private ConnectionPair(WebSocketConnection server, RawPeer client, FakeTimeProvider time)
    {
        Server = server;
        Client = client;
        Time = time;
    }

    public WebSocketConnection Server { get; }

    public RawPeer Client { get; }

    public FakeTimeProvider Time { get; }

    /// <param name="configure">Changes the server's options.</param>
    /// <param name="capacity">How many bytes each direction holds before its writer has to wait.</param>
    /// <param name="time">A clock that several pairs share.</param>
    /// <param name="limits">Where it is counted that the server's limits were met.</param>
    public static ConnectionPair Create(
        Action<WebSocketConnectionOptions>? configure = null,
        int capacity = 64 * 1024,
        FakeTimeProvider? time = null,
        CountedLimits? limits = null)
    {
        var options = new WebSocketConnectionOptions();
        configure?.Invoke(options);
        time ??= new FakeTimeProvider();
        var (server, client) = DuplexPipe.CreatePair(capacity);
        if (limits is null)
        {
            return new ConnectionPair(WebSocketConnection.Create(server, options, time), new RawPeer(client), time);
        }

        var connection = new WebSocketConnection(new PipeTransport(server), options, time, hits: limits.Hits);
        connection.Start();
        return new ConnectionPair(connection, new RawPeer(client), time);
    }

    /// <summary>A pair that has agreed on compression.</summary>
    internal static ConnectionPair CreateCompressed(
        DeflateAgreement agreement,
        int threshold = 0,
        Action<WebSocketConnectionOptions>? configure = null,
        FakeTimeProvider? time = null,
        int capacity = 64 * 1024)
    {
        var options = new WebSocketConnectionOptions();
        configure?.Invoke(options);
        time ??= new FakeTimeProvider();
        var (server, client) = DuplexPipe.CreatePair(capacity);
        var connection = new WebSocketConnection(new PipeTransport(server), options, time, new ConnectionCompression(agreement, threshold));
        connection.Start();
        return new ConnectionPair(connection, new RawPeer(client), time);
    }

    /// <summary>Lets time pass for the server.</summary>
    public void Advance(TimeSpan time) => Time.Advance(time);

    public async ValueTask DisposeAsync()
    {
        // The client first: a failed connection reads on until the peer's bytes end or its own clock moves.
        Server.Abort();
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
