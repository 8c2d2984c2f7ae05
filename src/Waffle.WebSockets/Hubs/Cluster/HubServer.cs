namespace Waffle.WebSockets;

/// <summary>Another server of the same hub.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Clients">How many clients it had when it was heard last.</param>
/// <param name="SinceLastHeard">How long ago that was.</param>
public sealed record HubServer(string Name, int Clients, TimeSpan SinceLastHeard);
