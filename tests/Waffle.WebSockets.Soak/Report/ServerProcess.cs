using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waffle.WebSockets.Soak.Clients;
using Waffle.WebSockets.Soak.Server;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>The server as a process of its own, so that its figures are not mixed with the clients'.</summary>
internal sealed class ServerProcess : IAsyncDisposable
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

    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = new ServerAddress(address);
    }

    public ServerAddress Address { get; }

    public static async Task<ServerProcess> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServerProcess).Assembly.Location, "serve"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        return line is not null && line.StartsWith(SoakServer.ListeningOn, StringComparison.Ordinal)
            ? new ServerProcess(process, new Uri(line[SoakServer.ListeningOn.Length..]))
            : throw new InvalidOperationException($"The server did not start: {line}{await process.StandardOutput.ReadToEndAsync()}");
    }

    public async Task<Figures> ReadFiguresAsync() => (await _http.GetFromJsonAsync<Figures>(Address.Figures, _json))!;

    /// <summary>Ends the server; an error if it does not end well.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
    }
}
