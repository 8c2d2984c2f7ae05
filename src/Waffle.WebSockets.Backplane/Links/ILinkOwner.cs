namespace Waffle.WebSockets.Backplane;

/// <summary>What a link tells who uses it. Called under no lock but that of the channel's delivery; returns soon.</summary>
internal interface ILinkOwner
{
    /// <summary>It has no clients: it only publishes.</summary>
    bool IsPublisherOnly { get; }

    /// <summary>How many clients there are.</summary>
    int Clients { get; }

    /// <summary>Whether there is anybody for whom a channel is. Called under a lock: it only looks.</summary>
    bool HasMembers(ChannelScope scope);

    /// <summary>A message of another server.</summary>
    void OnMessage(ChannelScope scope, in MessageAttributes attributes, ReadOnlySpan<byte> message);

    /// <summary>Another server's order.</summary>
    void OnDisconnect(ChannelScope scope, in DisconnectOrder order);

    /// <summary>Messages of other servers may be missing. Never throws.</summary>
    void OnGap(GapReport report);

    /// <summary>The members of some scopes, each once.</summary>
    IReadOnlyList<AnsweredMember> FindMembers(IReadOnlyList<ChannelScope> scopes);

    /// <summary>How many members some scopes have, each counted once.</summary>
    int CountMembers(IReadOnlyList<ChannelScope> scopes);
}
