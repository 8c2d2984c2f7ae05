namespace Waffle.WebSockets;

/// <summary>What became of a broadcast's way to the other servers.</summary>
public enum PublishStatus
{
    /// <summary>There is no backplane, or nobody it could be for.</summary>
    None,

    /// <summary>The backplane took it.</summary>
    Accepted,

    /// <summary>The backplane could not take it; the members on this server got it all the same.</summary>
    Failed,
}
