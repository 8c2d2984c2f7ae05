using Waffle.WebSockets.Soak.Clients.Hostile;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>A client that breaks the rules in one way. The server has to end it, or to answer it, in its way.</summary>
internal static class HostileClient
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(
        ServerAddress server, string id, HostileKind kind, Breaches breaches, Tally tally, CancellationToken stop)
    {
        using var scene = new HostileScene(await server.DialAsync(), id);
        string outcome;
        try
        {
            outcome = await kind.ActAsync(scene).WaitAsync(_patience, stop);
        }
        catch (OperationCanceledException)
        {
            // The run ends before its time limit does.
            return;
        }
        catch (Exception error) when (error is TimeoutException or IOException or InvalidDataException)
        {
            outcome = error.Message;
        }

        tally.CountOutcome(kind.Name, outcome);
        if (!kind.Outcomes.Contains(outcome))
        {
            breaches.Add("an answer to hostility", $"{kind.Name}: {outcome}");
        }
    }
}
