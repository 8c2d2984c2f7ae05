using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Two NATS servers that are a cluster; the way between them can be disturbed.</summary>
internal sealed class NatsRoutes : IAsyncDisposable
{
    private NatsRoutes(IReadOnlyList<RealEngine> servers, FaultyProxy way) => (Servers, Way) = (servers, way);

    public IReadOnlyList<RealEngine> Servers { get; }

    /// <summary>The only one between the servers.</summary>
    public FaultyProxy Way { get; }

    public static async Task<NatsRoutes> StartAsync()
    {
        int[] ports = [FreePort.Find(), FreePort.Find()];
        var way = FaultyProxy.Start(ports[0]);
        var first = await StartServerAsync(ports[0]);
        return new NatsRoutes([first, await StartServerAsync(ports[1], "--routes", $"nats://127.0.0.1:{way.Port}")], way);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }

        await Way.DisposeAsync();
    }

    private static Task<RealEngine> StartServerAsync(int port, params string[] arguments) =>
        Engines.StartNatsAsync(["--cluster_name", "waffle", "--cluster", $"nats://127.0.0.1:{port}", .. arguments]);
}
