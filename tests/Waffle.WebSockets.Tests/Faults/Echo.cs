namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A handler that sends each text back.</summary>
internal static class Echo
{
    public static async Task RunAsync(HubClient client, CancellationToken cancellationToken)
    {
        await foreach (var message in client.Connection.ReadAllAsync(cancellationToken))
        {
            await client.SendTextAsync(message.GetText(), default, cancellationToken);
        }
    }
}
