using System.Globalization;

namespace Waffle.WebSockets.Bench.Load.Workloads;

/// <summary>How cost grows with the number of connections; measured for our server and the floor alone.</summary>
internal static class Growth
{
    private static readonly int[] _memorySteps = [1000, 2000, 4000, 8000, 15_000];

    public static readonly IReadOnlyList<Workload> All =
    [
        .. new[] { 100, 300, 1000, 3000, 10_000 }.Select(FanOut),
        new()
        {
            Name = "growth-memory",
            Title = "idle",
            Group = Groups.Growth,
            Kind = LoadKind.Memory,
            Connections = _memorySteps[^1],
            Steps = _memorySteps,
        },
    ];

    private static Workload FanOut(int connections) => new()
    {
        Name = $"growth-{connections}",
        Title = string.Create(CultureInfo.InvariantCulture, $"n={connections:N0}"),
        Group = Groups.Growth,
        Kind = LoadKind.FanOut,
        Connections = connections,
    };
}
