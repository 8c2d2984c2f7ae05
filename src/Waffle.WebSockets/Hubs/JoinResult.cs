namespace Waffle.WebSockets;

/// <summary>What became of a join.</summary>
public enum JoinResult
{
    /// <summary>The client is a member from now on.</summary>
    Joined,

    /// <summary>The client was a member already.</summary>
    AlreadyMember,

    /// <summary>The join policy said no, or the name can't be a room's.</summary>
    Refused,

    /// <summary>The client is in as many rooms as it may be.</summary>
    LimitReached,

    /// <summary>The client's connection is closing or closed.</summary>
    Closed,
}
