using System.Collections.Concurrent;

namespace Waffle.WebSockets.Soak.Clients;

/// <summary>What must not happen, counted by kind. The first ones are told with their details.</summary>
internal sealed class Breaches(TextWriter output)
{
    private const int ToldDetails = 20;

    private readonly ConcurrentDictionary<string, int> _counts = new();
    private int _total;

    public int Total => Volatile.Read(ref _total);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Add(string kind, string detail)
    {
        _counts.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        if (Interlocked.Increment(ref _total) <= ToldDetails)
        {
            output.WriteLine($"BREACH {kind}: {detail}");
        }
    }
}
