using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Workloads;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BenchTests.EndToEnd;

/// <summary>A server in this process, or two, as the peer that a generator runs against.</summary>
internal sealed class TestedServer(params KestrelHost[] hosts) : NamedPeer("tested"), IAsyncDisposable
{
    /// <summary>Our library, without a lie.</summary>
    public static async Task<TestedServer> StartHonestAsync(Action<WebApplicationBuilder>? configure = null) =>
        new(await KestrelHost.StartAsync(Map, builder =>
        {
            builder.Services.AddWebSocketHub();
            configure?.Invoke(builder);
        }));

    /// <summary>Two of them, as one hub.</summary>
    public static async Task<TestedServer> StartTwoAsync()
    {
        var exchange = new InMemoryExchange();
        return new(await StartAsync(), await StartAsync());

        Task<KestrelHost> StartAsync() => KestrelHost.StartAsync(
            Map, builder => builder.Services.AddWebSocketHub().AddBackplane(_ => exchange.Connect()));
    }

    /// <summary>A room whose deliveries are as a test says: how often a member gets which of them.</summary>
    public static async Task<TestedServer> StartRoomAsync(LyingRoom room) =>
        new(await KestrelHost.StartAsync(app => app.MapWebSocket("/room/{name}", room.ServeAsync)));

    /// <summary>Runs a generator against it.</summary>
    public Task<GeneratorReport> MeasureAsync(Workload workload, double seconds)
    {
        var plan = new GeneratorPlan
        {
            Peer = Name,
            Servers = [.. hosts.Select(host => new ServerPlace(host.Address.Port, Environment.ProcessId))],
            EngineProcess = hosts.Length > 1 ? Environment.ProcessId : null,
            Workload = workload,
            WarmUpSeconds = 0.1,
            Seconds = seconds,
        };
        return Task.Factory.StartNew(
            () => LoadGenerator.Run(plan, this),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    private static void Map(WebApplication app)
    {
        app.MapWebSocket("/echo", async (connection, ct) =>
        {
            await foreach (var message in connection.ReadAllAsync(ct))
            {
                await connection.WriteAsync(message.Kind, message.Data, ct);
            }
        });
        app.MapWebSocket("/idle", async (connection, ct) => await connection.ReadAsync(ct));
        MapRoom(app, "/room/{name}", MessageCompression.Disabled);
        MapRoom(app, "/deflate/room/{name}", MessageCompression.NoContextTakeover);
    }

    private static void MapRoom(WebApplication app, string pattern, MessageCompression compression) => app.MapWebSocket(
        pattern,
        async (http, connection, ct) =>
        {
            var hub = http.RequestServices.GetRequiredService<WebSocketHub>();
            var room = hub.Room((string)http.GetRouteValue("name")!);
            await room.JoinAsync(await hub.AddAsync(connection, cancellationToken: ct), ct);
            await foreach (var message in connection.ReadAllAsync(ct))
            {
                await room.BroadcastTextAsync(message.GetText(), cancellationToken: ct);
            }
        },
        options =>
        {
            options.Compression = compression;
            options.CompressionThreshold = 0;
        });
}
