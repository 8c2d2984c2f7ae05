namespace Waffle.WebSockets.Soak.Clients;

/// <summary>Whether what comes of other servers comes once and in its order, and a gap is told where something is missing.</summary>
/// <remarks>The results say what is wrong.</remarks>
internal sealed class OthersCheck(TimeProvider time)
{
    // Gaps of a kind are told once a second at most; the rest is for a machine that has other work.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, Count> _counts = [];

    /// <param name="source">Who counts.</param>
    /// <param name="number">One more than that before it.</param>
    /// <param name="text">What was said with it.</param>
    public string? Add(string source, long number, string text)
    {
        if (!_counts.TryGetValue(source, out var count))
        {
            _counts[source] = new Count { Last = number };
            return CheckText(source, number, text);
        }

        var last = count.Last;
        if (number <= last)
        {
            return $"{number} of {source} came after {last}";
        }

        if (number > last + 1 && !count.IsTold && count.HoleSince is null)
        {
            count.HoleSince = time.GetTimestamp();
        }

        (count.Last, count.IsTold) = (number, false);
        return count.HoleSince is { } since && time.GetElapsedTime(since) > _patience
            ? $"what is missing of {source} before {last} was never told"
            : CheckText(source, number, text);
    }

    /// <summary>A gap was told.</summary>
    public void Tell()
    {
        foreach (var count in _counts.Values)
        {
            (count.IsTold, count.HoleSince) = (true, null);
        }
    }

    private static string? CheckText(string source, long number, string text) =>
        Filler.IsFor(number, text) ? null : $"the text of {number} of {source} is not what was sent";

    private sealed class Count
    {
        public long Last { get; set; }

        /// <summary>Whether a gap was told since then.</summary>
        public bool IsTold { get; set; }

        /// <summary>Since when something is missing that was not told; <see langword="null"/>: nothing.</summary>
        public long? HoleSince { get; set; }
    }
}
