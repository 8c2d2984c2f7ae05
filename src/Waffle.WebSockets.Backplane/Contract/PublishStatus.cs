namespace Waffle.WebSockets;

/// <summary>What became of a broadcast's way to the other servers.</summary>
public enum PublishStatus
{
    /// <summary>There is no backplane, or nobody it could be for.</summary>
    None,

    /// <summary>It was taken to be published. Where that fails later, those who miss it are told by a gap.</summary>
    Accepted,

    /// <summary>It could not be taken: the backplane's engine is away, too much waits, or it is too long. The members on this server got it all the same.</summary>
    Failed,
}
