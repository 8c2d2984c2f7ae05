namespace Waffle.WebSockets.Bench.Load.Results;

internal static class Statistics
{
    /// <summary>The value in the middle, or the mean of the two there.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            throw new ArgumentException("Nothing has no median.", nameof(values));
        }

        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
