namespace Waffle.WebSockets;

/// <summary>What became of a broadcast's way to the other servers.</summary>
public enum PublishStatus
{
    /// <summary>There are no other servers.</summary>
    None,

    /// <summary>The backplane took it.</summary>
    Accepted,

    /// <summary>The backplane could not take it; the members on this server got it all the same.</summary>
    Failed,
}
