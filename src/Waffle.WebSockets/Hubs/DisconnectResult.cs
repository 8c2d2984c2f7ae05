namespace Waffle.WebSockets;

/// <summary>What became of the order to disconnect members.</summary>
/// <param name="Disconnected">How many connections on this server began to close.</param>
/// <param name="Published">What became of its way to the other servers, through the backplane.</param>
public readonly record struct DisconnectResult(int Disconnected, PublishStatus Published = PublishStatus.None);
