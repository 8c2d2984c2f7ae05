using System.Globalization;

namespace Waffle.WebSockets.Bench.Load.Workloads;

/// <summary>All workloads, in the order in which they are measured.</summary>
internal static class WorkloadList
{
    private const int OneKibibyte = 1024;

    public static readonly IReadOnlyList<Workload> All =
    [
        FanOut(100),
        FanOut(1000),
        FanOut(1000, window: 8),
        FanOut(10_000),
        new()
        {
            Name = "rooms",
            Title = "100 rooms of 100",
            Group = Groups.FanOut,
            Kind = LoadKind.FanOut,
            Connections = 10_000,
            Rooms = 100,
        },
        Echo("100", "100 B", 100, depth: 1),
        Echo("100", "100 B", 100, depth: 16),
        Echo("16k", "16 KiB", 16 * OneKibibyte, depth: 1),
        Echo("16k", "16 KiB", 16 * OneKibibyte, depth: 16),
        new() { Name = "connect", Title = "connect + close", Group = Groups.Connect, Kind = LoadKind.Connect, Connections = 64 },
        new()
        {
            Name = "memory",
            Title = "4,000 idle connections",
            Group = Groups.Memory,
            Kind = LoadKind.Memory,
            Connections = 4000,
            Steps = [4000],
            BroadcastAtEnd = true,
        },
        Stalled("none-stalled", "all read", part: 0),
        Stalled("stalled", "5 % read nothing", part: 0.05),
        Json("json", "as it is", deflate: false),
        Json("json-deflate", "compressed", deflate: true),
        .. TwoServers.All,
        .. Growth.All,
    ];

    /// <summary>What is measured when there is little time; with at most 1,000 connections.</summary>
    public static readonly IReadOnlyList<Workload> Quick =
    [
        FanOut(1000),
        FanOut(1000, window: 8),
        Echo("100", "100 B", 100, depth: 1),
        new() { Name = "connect", Title = "connect + close", Group = Groups.Connect, Kind = LoadKind.Connect, Connections = 64 },
        new()
        {
            Name = "memory",
            Title = "1,000 idle connections",
            Group = Groups.Memory,
            Kind = LoadKind.Memory,
            Connections = 1000,
            Steps = [1000],
            BroadcastAtEnd = true,
        },
    ];

    private static Workload FanOut(int connections, int window = 1) => new()
    {
        Name = $"fan-out-{connections}{(window > 1 ? $"-w{window}" : "")}",
        Title = string.Create(CultureInfo.InvariantCulture, $"n={connections:N0}{(window > 1 ? $" w={window}" : "")}"),
        Group = Groups.FanOut,
        Kind = LoadKind.FanOut,
        Connections = connections,
        Window = window,
    };

    private static Workload Echo(string name, string title, int length, int depth) => new()
    {
        Name = $"echo-{name}-d{depth}",
        Title = $"{title} d={depth}",
        Group = Groups.Echo,
        Kind = LoadKind.Echo,
        Connections = 100,
        PayloadLength = length,
        Depth = depth,
    };

    private static Workload Stalled(string name, string title, double part) => new()
    {
        Name = name,
        Title = title,
        Group = Groups.Stalled,
        Kind = LoadKind.FanOut,
        Connections = 1000,
        Window = 8,
        PayloadLength = 16 * OneKibibyte,
        StalledPart = part,
    };

    private static Workload Json(string name, string title, bool deflate) => new()
    {
        Name = name,
        Title = title,
        Group = Groups.Deflate,
        Kind = LoadKind.FanOut,
        Connections = 1000,
        PayloadLength = OneKibibyte,
        LikeJson = true,
        Deflate = deflate,
    };
}
