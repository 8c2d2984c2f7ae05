using System.Collections.Concurrent;
using Waffle.WebSockets.Soak.Clients.Hostile;
using Waffle.WebSockets.Soak.Report;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>As many clients as were asked for, at any time: one that ends is followed by another.</summary>
internal sealed class Crowd(IReadOnlyList<ServerAddress> servers, SoakOptions options, Breaches breaches, Tally tally)
{
    private readonly ConcurrentDictionary<string, byte> _present = new();
    private int _clients;
    private int _hostile;

    /// <summary>Who is there, from before it connects until after its end.</summary>
    public ICollection<string> Present => _present.Keys;

    /// <summary>Ends when <paramref name="stop"/> has fired and all have gone.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, options.Clients).Select(place => FillAsync(new Random((options.Seed * 31) + place), stop)));

    private async Task FillAsync(Random random, CancellationToken stop)
    {
        // Not all at once.
        await new Lifetime(TimeSpan.FromMilliseconds(random.Next(10 * options.Clients)), stop).PauseAsync(TimeSpan.MaxValue);
        while (!stop.IsCancellationRequested)
        {
            await LiveAsync(Interlocked.Increment(ref _clients), random, stop);
        }
    }

    private async Task LiveAsync(int number, Random random, CancellationToken stop)
    {
        var life = new Lifetime(TimeSpan.FromMilliseconds(random.Next(1_000, 60_000)), stop);
        var server = servers[number % servers.Count];
        var (id, living) = random.Next(100) switch
        {
            var draw when draw < options.HostilePercent => BeginHostile(server, number, stop),
            var draw when draw < options.HostilePercent + options.StalledPercent => BeginStalled(server, number, random, life),
            _ => BeginGood(server, number, random, life),
        };
        _present[id] = 0;
        try
        {
            await living();
        }
        catch (Exception error)
        {
            breaches.Add("a client failed", $"{id}: {error}");
        }

        _present.TryRemove(id, out _);
    }

    private (string Id, Func<Task> Living) BeginHostile(ServerAddress server, int number, CancellationToken stop)
    {
        tally.CountHostile();
        var kind = HostileKinds.All[Interlocked.Increment(ref _hostile) % HostileKinds.All.Count];
        var id = $"hostile {number}: {kind.Name}";
        return (id, () => HostileClient.RunAsync(server, id, kind, breaches, tally, stop));
    }

    private (string Id, Func<Task> Living) BeginStalled(ServerAddress server, int number, Random random, Lifetime life)
    {
        tally.CountStalled();
        var id = $"stalled {number}";
        return (id, () => StalledClient.RunAsync(server, id, tally, random, life));
    }

    private (string Id, Func<Task> Living) BeginGood(ServerAddress server, int number, Random random, Lifetime life)
    {
        tally.CountGood();
        var id = $"good {number}";
        return (id, () => GoodClient.RunAsync(server, id, breaches, tally, random, life));
    }
}
