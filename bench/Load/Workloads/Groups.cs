namespace Waffle.WebSockets.Bench.Load.Workloads;

/// <summary>The names of what shares a table.</summary>
internal static class Groups
{
    public const string FanOut = "fan-out";
    public const string Echo = "echo";
    public const string Connect = "connect";
    public const string Memory = "memory";
    public const string Stalled = "stalled-readers";
    public const string Deflate = "deflate";
    public const string TwoServers = "two-servers";
    public const string Growth = "growth";

    /// <summary>What a group's table says above it.</summary>
    public static string Describe(string group) => group switch
    {
        FanOut => "Fan-out: one message of 100 B to n connections of a room; w publications under way",
        Echo => "Echo: 100 connections, d messages under way on each",
        Connect => "Handshakes: 64 connections at a time open, close and begin anew",
        Memory => "Memory: what one more idle connection adds to the process",
        Stalled => "Readers that stall: n=1,000, 16 KiB, w=8; figures for those that read, and how many of the others the server ended",
        Deflate => "Compression: n=1,000, 1 KiB that compresses as JSON does, no context takeover",
        TwoServers => "Two servers as one room: the sender is a client of A and a member, all others are on B; a server that cannot be two has them all",
        Growth => "Growth: what a delivery and an idle connection cost the more connections there are",
        _ => group,
    };
}
