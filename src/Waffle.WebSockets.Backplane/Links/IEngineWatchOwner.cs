namespace Waffle.WebSockets.Backplane;

/// <summary>What the watch on the engine asks for and tells. Called under no lock.</summary>
internal interface IEngineWatchOwner
{
    /// <summary>Publishes a heartbeat.</summary>
    void SendHeartbeat(long number);

    /// <summary>Subscribes to everything once more; returns what that was when it is confirmed.</summary>
    Task<IReadOnlyList<ChannelScope>> RenewAsync(CancellationToken cancellationToken);

    /// <summary>The engine is away.</summary>
    void OnAway();

    /// <summary>The engine is there, and everything is subscribed to.</summary>
    /// <param name="renewed">What was subscribed to.</param>
    /// <param name="wasAway">Whether it was there before: then messages may be missing.</param>
    void OnThere(IReadOnlyList<ChannelScope> renewed, bool wasAway);

    /// <summary>What the watch asked for has failed; it is tried again.</summary>
    void OnWatchFailed(Exception error);

    /// <summary>Another interval has passed.</summary>
    void OnTick();
}
