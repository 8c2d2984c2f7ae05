using System.Text;

namespace Waffle.WebSockets.Bench.Plots;

/// <summary>The same values as a table in Markdown: a row for each size, a column for each series.</summary>
public static class PlotTable
{
    public static string Render(Plot plot)
    {
        var table = new StringBuilder();
        table.Append("| ").Append(plot.X).Append(" |");
        foreach (var series in plot.Series)
        {
            table.Append(' ').Append(series.Name).Append(" |");
        }

        table.Append("\n|--:|").Insert(table.Length, "--:|", plot.Series.Count).Append('\n');
        foreach (var x in plot.Series.SelectMany(static series => series.Points).Select(static point => point.X).Distinct().Order())
        {
            table.Append("| ").Append(PlotNumber.Format(x)).Append(" |");
            foreach (var series in plot.Series)
            {
                table.Append(' ').Append(Find(series, x)).Append(" |");
            }

            table.Append('\n');
        }

        return table.ToString();
    }

    private static string Find(PlotSeries series, double x)
    {
        foreach (var point in series.Points)
        {
            if (point.X == x)
            {
                return PlotNumber.Format(point.Y);
            }
        }

        return "–";
    }
}
