namespace Waffle.WebSockets.Soak.Server;

/// <summary>Greets clients, and counts how they end.</summary>
internal sealed class SoakEvents(Targets targets, EndCounts ends) : IHubEvents
{
    public async Task OnConnectedAsync(HubClient client, CancellationToken cancellationToken) =>
        await client.SendEventAsync("hello", new TickRange(0, targets.Hub.Started), default, cancellationToken);

    public Task OnDisconnectedAsync(HubClient client, HubDisconnect disconnect)
    {
        ends.Add(disconnect.Close.Cause);
        return Task.CompletedTask;
    }
}
