using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>A peer that never reads: the WriteTimeout ends its connection and its request, over each kind of transport, and nobody else's.</summary>
[Collection(RunsAlone.Name)]
public sealed class StalledPeerTests
{
    private static readonly TimeSpan _writeTimeout = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private int _endedRequests;

    public static TheoryData<TransportKind> Transports => [.. Enum.GetValues<TransportKind>()];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Its_connection_and_its_request_end_and_others_go_on(TransportKind kind)
    {
        using var unobserved = new UnobservedErrors();
        await using var host = await StartAsync(kind);
        await using var stalled = await host.ConnectAsync(kind, socket => socket.ReceiveBufferSize = 4 * 1024);
        await RawHandshake.SendAsync(stalled, RawHandshake.Request("/ws"));
        await Wait.Eventually(() => host.Hub.Count == 1);
        var connection = host.Hub.Clients.Single().Connection;
        await using var healthy = await host.ConnectPeerAsync(kind);

        Assert.Equal(SendStatus.Queued, await connection.WriteBinaryAsync(new byte[8 * 1024 * 1024]));
        for (var i = 0; i < 20; i++)
        {
            await AssertEchoesAsync(healthy);
        }

        await _time.AdvanceUntilAsync(_writeTimeout, () => connection.Completion.IsCompleted, "the WriteTimeout is over");
        Assert.Equal((CloseCause.WriteTimeout, 1), ((await connection.Completion).Cause, (await connection.Completion).UnsentMessages));
        await Wait.Eventually(() => Volatile.Read(ref _endedRequests) == 1, "the request has ended");
        Assert.Equal(1, host.Hub.Count);
        await AssertCutAsync(stalled);
        await AssertEchoesAsync(healthy);

        await healthy.SendCloseAsync();
        await healthy.ExpectCloseAsync(CloseCode.NormalClosure);
        await host.App.StopAsync().Soon();
        Assert.Equal(2, _endedRequests);
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    private Task<KestrelHost> StartAsync(TransportKind kind) => TestServer.StartAsync(
        kind,
        app =>
        {
            app.Use(async (http, next) =>
            {
                await next(http);
                Interlocked.Increment(ref _endedRequests);
            });
            app.MapWebSocketHub("/ws", EchoAsync, options =>
            {
                options.WriteTimeout = _writeTimeout;
                options.PingInterval = TimeSpan.Zero;
            });
        },
        builder =>
        {
            builder.Services.AddWebSocketHub();
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.UseSmallSendBuffers();
        });

    private static async Task EchoAsync(HubClient client, CancellationToken cancellationToken)
    {
        await foreach (var message in client.Connection.ReadAllAsync(cancellationToken))
        {
            await client.Connection.WriteAsync(message.Kind, message.Data, cancellationToken);
        }
    }

    private static async Task AssertEchoesAsync(RawPeer peer)
    {
        await peer.SendTextAsync("hello");
        Assert.Equal("hello", (await peer.NextAsync()).Text);
    }

    // What was under way still comes, and then nothing more.
    private static async Task AssertCutAsync(Stream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null).Soon();
        }
        catch (IOException)
        {
            // A reset.
        }
    }
}
