using Waffle.WebSockets.Soak.Clients;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>What must hold after a run: nobody was disturbed who kept to the rules, and nothing is left.</summary>
internal static class Verdict
{
    /// <summary>How many descriptors more than at the start there may be: those that the runtime opens once.</summary>
    public const int SpareDescriptors = 4;

    /// <summary>How much higher than with all clients, after a tenth of the run, the heap of the empty server may be.</summary>
    public const long SpareHeapBytes = 8 * 1024 * 1024;

    /// <summary>How many bytes the heap may grow for each client that came and went: less than any object of a connection takes.</summary>
    public const double SpareGrowth = 50;

    /// <summary>In less time than this, the heap is still finding its level.</summary>
    public static readonly TimeSpan LeastTrend = TimeSpan.FromMinutes(8);

    /// <summary>What does not hold.</summary>
    /// <param name="start">Before the first client.</param>
    /// <param name="tenth">With all clients, after a tenth of the run.</param>
    /// <param name="end">After the last client.</param>
    /// <param name="heap">How the heap developed.</param>
    /// <param name="breaches">What clients met.</param>
    public static IEnumerable<string> Failures(Figures start, Figures tenth, Figures end, Trend heap, Breaches breaches)
    {
        if (breaches.Total > 0)
        {
            yield return $"{breaches.Total} breaches: {string.Join(", ", breaches.Counts.Select(count => $"{count.Key} ×{count.Value}"))}";
        }

        if (heap.Span >= LeastTrend && heap.PerClientAtLeast > SpareGrowth)
        {
            yield return $"the heap grows by {heap.PerClient:0} bytes for each client that comes and goes";
        }

        foreach (var failure in Failures(start, end))
        {
            yield return failure;
        }

        if (end.HeapBytes > tenth.HeapBytes + SpareHeapBytes)
        {
            yield return "the heap of the empty server is larger than with all clients after a tenth of the run";
        }
    }

    /// <summary>What does not hold for one server, whatever clients met.</summary>
    public static IEnumerable<string> Failures(Figures start, Figures end) =>
        end.Faults.Select(static fault => $"in the server: {fault.Key} ×{fault.Value}").Concat(Leftovers(start, end));

    /// <summary>What is left of clients that have gone.</summary>
    public static IEnumerable<string> Leftovers(Figures start, Figures end)
    {
        if (end.Members + end.Rooms + end.RoomMembers > 0)
        {
            yield return $"{end.Members} members, {end.Rooms} rooms and {end.RoomMembers} members of rooms are left";
        }

        if (end.Timers > 0)
        {
            yield return $"{end.Timers} timers are left";
        }

        if (end.Descriptors > start.Descriptors + SpareDescriptors)
        {
            yield return $"{end.Descriptors - start.Descriptors} descriptors are left";
        }
    }
}
