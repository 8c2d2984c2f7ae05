namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>What a server cannot take part in, and why.</summary>
internal sealed record DeclinedWorkload(string Workload, string Peer, string Reason);
