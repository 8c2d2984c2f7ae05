namespace Waffle.WebSockets.Backplane;

/// <summary>To whom what comes is handed. Called under no lock of ours but that of the channel's delivery.</summary>
internal interface IIntakeOwner
{
    void OnMessage(ChannelScope scope, in MessageAttributes attributes, ReadOnlySpan<byte> message);

    void OnDisconnect(ChannelScope scope, in DisconnectOrder order);

    /// <summary>A server's messages in a channel have a hole.</summary>
    void OnHole(ChannelScope scope, Guid server, long missing);

    /// <summary>A server could not publish, and does not know where.</summary>
    void OnServerLost(Guid server);

    void OnHeartbeat(Guid server, in Heartbeat heartbeat);

    /// <summary>A heartbeat of our own has come back.</summary>
    void OnEcho(in Heartbeat heartbeat);

    void OnFarewell(Guid server);

    void OnQuestion(Guid server, in ClusterQuestion question);

    void OnAnswer(Guid server, in ClusterAnswer answer);

    /// <summary>Something came that no server of a known version publishes.</summary>
    void OnGarbage();
}
