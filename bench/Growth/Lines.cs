using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>Collects the points of a plot's series, in the order in which these appear.</summary>
internal sealed class Lines
{
    private readonly List<(string Name, List<PlotPoint> Points)> _lines = [];

    public void Add(string name, double x, double y)
    {
        var line = _lines.Find(line => line.Name == name);
        if (line.Points is null)
        {
            _lines.Add(line = (name, []));
        }

        line.Points.Add(new PlotPoint(x, y));
    }

    public IReadOnlyList<PlotSeries> ToSeries() => [.. _lines.Select(static line => new PlotSeries(line.Name, line.Points))];
}
