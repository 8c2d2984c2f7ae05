namespace Waffle.WebSockets.Soak.Report;

/// <summary>How a figure in bytes developed.</summary>
/// <param name="Name">Of the figure.</param>
/// <param name="Slope">Its growth, in bytes per hour.</param>
/// <param name="Samples">How many points that is made of.</param>
/// <param name="Span">The time between the first and the last.</param>
/// <param name="ClientsPerHour">How many clients came and went meanwhile.</param>
internal sealed record Trend(string Name, Slope Slope, int Samples, TimeSpan Span, double ClientsPerHour)
{
    /// <summary>The growth for each client that came and went.</summary>
    public double PerClient => ClientsPerHour > 0 ? Slope.PerHour / ClientsPerHour : 0;

    /// <summary>What the growth for each client is at least, with all likelihood.</summary>
    public double PerClientAtLeast => ClientsPerHour > 0 ? (Slope.PerHour - (3 * Slope.Error)) / ClientsPerHour : 0;

    /// <summary>Of the samples but the first fifth of the run, in which pools fill and code is compiled.</summary>
    public static Trend Of(string name, TimeSpan duration, IEnumerable<Sample> samples, Func<Figures, long> figure)
    {
        var steady = samples.Where(sample => sample.Time >= duration / 5).ToList();
        var span = steady.Count > 1 ? steady[^1].Time - steady[0].Time : TimeSpan.Zero;
        return new Trend(
            name,
            Slope.Of([.. steady.Select(sample => (sample.Time, (double)figure(sample.Figures)))]),
            steady.Count,
            span,
            span > TimeSpan.Zero ? (steady[^1].Clients - steady[0].Clients) / span.TotalHours : 0);
    }
}
