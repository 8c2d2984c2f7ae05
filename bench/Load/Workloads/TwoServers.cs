using System.Globalization;

namespace Waffle.WebSockets.Bench.Load.Workloads;

/// <summary>What it costs that a room spans two servers; measured for those that can be two, and for the same ones alone.</summary>
internal static class TwoServers
{
    private const int Strangers = 100;

    public static readonly IReadOnlyList<Workload> All =
    [
        Across(100),
        Across(1000),
        Across(1000, window: 8),
        new()
        {
            Name = "two-servers-apart",
            Title = "n=1,000 on A, B without members",
            Group = Groups.TwoServers,
            Kind = LoadKind.FanOut,
            Connections = 1000,
            Strangers = Strangers,
        },
    ];

    private static Workload Across(int connections, int window = 1) => new()
    {
        Name = $"two-servers-{connections}{(window > 1 ? $"-w{window}" : "")}",
        Title = string.Create(CultureInfo.InvariantCulture, $"n={connections:N0}{(window > 1 ? $" w={window}" : "")}"),
        Group = Groups.TwoServers,
        Kind = LoadKind.FanOut,
        Connections = connections,
        Window = window,
        OnFirstServer = 1,
    };
}
