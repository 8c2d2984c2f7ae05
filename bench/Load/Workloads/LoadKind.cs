namespace Waffle.WebSockets.Bench.Load.Workloads;

/// <summary>What a generator does.</summary>
internal enum LoadKind
{
    /// <summary>Publishes to rooms; counts deliveries.</summary>
    FanOut,

    /// <summary>Sends and gets back; counts messages.</summary>
    Echo,

    /// <summary>Opens and closes connections; counts handshakes.</summary>
    Connect,

    /// <summary>Opens connections; looks at the server's memory.</summary>
    Memory,
}
