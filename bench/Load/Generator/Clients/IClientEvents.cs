namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>What a run does with its connections.</summary>
internal interface IClientEvents
{
    /// <summary>The connection is open, the dialect's own start included.</summary>
    void OnOpen(Client client);

    /// <summary>A message came to an open connection.</summary>
    /// <param name="client">Which.</param>
    /// <param name="message">Valid during the call.</param>
    /// <param name="now">When it was received.</param>
    void OnMessage(Client client, ReadOnlySpan<byte> message, long now);

    /// <summary>The connection has ended.</summary>
    /// <param name="client">Which; it may be started again after the batch of events.</param>
    /// <param name="reason">Why; null if that was asked for.</param>
    void OnEnd(Client client, string? reason);
}
