using System.Diagnostics;
using System.Net.Http.Json;

namespace Waffle.WebSockets.TestKit;

/// <summary>The target server, as a program of its own. A test project that starts it refers to its project.</summary>
public static class TargetServer
{
    private static readonly HttpClient _http = new();

    /// <param name="arguments">Settings, such as "--WebSockets:PingInterval=00:00:01".</param>
    /// <param name="heapLimit">The most that the heap may hold, in bytes; zero: no limit.</param>
    public static Task<ServerProcess> StartAsync(string[] arguments, int heapLimit = 0)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Waffle.WebSockets.TargetServer.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", .. arguments]);
        if (heapLimit > 0)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = $"{heapLimit:X}";
        }

        return ServerProcess.StartAsync(start);
    }

    /// <summary>How many clients its hubs have.</summary>
    public static async Task<int> CountClientsAsync(this ServerProcess server) =>
        (await _http.GetFromJsonAsync<Stats>(new Uri(server.Address, "/stats")))!.Clients;

    /// <summary>How many members a room has on all servers, and which servers did not answer.</summary>
    public static async Task<(int Members, IReadOnlyList<string> Unanswered)> CountEverywhereAsync(this ServerProcess server, string room)
    {
        var count = (await _http.GetFromJsonAsync<Everywhere>(new Uri(server.Address, $"/everywhere?room={room}")))!;
        return (count.Members, count.Unanswered);
    }

    private sealed record Stats(int Clients, int Rooms);

    private sealed record Everywhere(int Members, string[] Unanswered);
}
