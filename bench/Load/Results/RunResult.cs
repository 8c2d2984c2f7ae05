using Waffle.WebSockets.Bench.Load.Generator;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>One server at one workload, once.</summary>
internal sealed record RunResult(string Workload, string Peer, int Round, GeneratorReport Report);
