namespace Waffle.WebSockets.Bench.Plots;

/// <summary>Keeps the labels at the lines' ends apart.</summary>
public static class EndLabels
{
    /// <summary>Moves wanted places, as little as need be, so that any two are at least <paramref name="gap"/> apart and none leaves the bounds.</summary>
    /// <returns>The places, in the order of <paramref name="wanted"/>.</returns>
    public static double[] Spread(IReadOnlyList<double> wanted, double gap, double lowest, double highest)
    {
        var places = wanted.ToArray();
        var order = Enumerable.Range(0, places.Length).OrderBy(index => wanted[index]).ToArray();
        var next = lowest;
        foreach (var index in order)
        {
            places[index] = Math.Max(places[index], next);
            next = places[index] + gap;
        }

        // Those that were pushed out below are pushed back, and push in their turn.
        var last = highest;
        foreach (var index in order.Reverse())
        {
            places[index] = Math.Min(places[index], last);
            last = places[index] - gap;
        }

        return places;
    }
}
