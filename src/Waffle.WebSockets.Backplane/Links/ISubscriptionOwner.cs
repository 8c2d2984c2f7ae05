namespace Waffle.WebSockets.Backplane;

/// <summary>Who knows which channels are wanted, and hears what became of them.</summary>
internal interface ISubscriptionOwner
{
    /// <summary>Whether a channel is wanted now. Called under a lock: it only looks.</summary>
    bool IsWanted(ChannelScope scope);

    /// <summary>A channel could not be subscribed to, or left; it is tried again.</summary>
    void OnSubscriptionFailed(ChannelScope scope, Exception error);

    /// <summary>A channel was confirmed after somebody had gone on without it.</summary>
    void OnConfirmedLate(ChannelScope scope);
}
