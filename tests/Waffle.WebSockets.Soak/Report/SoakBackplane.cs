namespace Waffle.WebSockets.Soak.Report;

/// <summary>What connects the servers of a run.</summary>
internal enum SoakBackplane
{
    /// <summary>Nothing: there is one server.</summary>
    None,

    Redis,
    Nats,
}
