namespace Waffle.WebSockets.Soak.Report;

/// <summary>The straight line through points by least squares: how fast a figure grows, and how sure that is.</summary>
/// <param name="PerHour">The growth, in units per hour.</param>
/// <param name="Error">Its standard error, in the same; infinite with less than three points.</param>
internal readonly record struct Slope(double PerHour, double Error)
{
    public static Slope Of(IReadOnlyCollection<(TimeSpan Time, double Value)> points)
    {
        if (points.Count < 2)
        {
            return new Slope(0, double.PositiveInfinity);
        }

        var meanTime = points.Average(point => point.Time.TotalHours);
        var meanValue = points.Average(point => point.Value);
        var spread = points.Sum(point => Square(point.Time.TotalHours - meanTime));
        if (spread == 0)
        {
            return new Slope(0, double.PositiveInfinity);
        }

        var perHour = points.Sum(point => (point.Time.TotalHours - meanTime) * (point.Value - meanValue)) / spread;
        var rest = points.Sum(point => Square(point.Value - meanValue - (perHour * (point.Time.TotalHours - meanTime))));
        var freedom = points.Count - 2;
        return new Slope(perHour, freedom == 0 ? double.PositiveInfinity : Math.Sqrt(rest / freedom / spread));
    }

    private static double Square(double value) => value * value;
}
