using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waffle.WebSockets.Soak.Clients;
using Waffle.WebSockets.Soak.Server;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>The server as a process of its own, so that its figures are not mixed with the clients'.</summary>
internal sealed class SoakedServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    // One connection, always the same: one handle.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        MaxConnectionsPerServer = 1,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    });

    private readonly ServerProcess _process;

    private SoakedServer(ServerProcess process, string name)
    {
        _process = process;
        Address = new ServerAddress(process.Address, name);
    }

    public ServerAddress Address { get; }

    public static async Task<SoakedServer> StartAsync(ServerSetup setup)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SoakedServer).Assembly.Location, .. setup.ToArguments()])
        {
            RedirectStandardInput = true,   // it ends with us
        };

        // As servers run.
        start.Environment["DOTNET_gcServer"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "1";
        return new SoakedServer(await ServerProcess.StartAsync(start), setup.Name);
    }

    public async Task<Figures> ReadFiguresAsync() => (await _http.GetFromJsonAsync<Figures>(Address.Figures, _json))!;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }
}
