using System.Globalization;

namespace Waffle.WebSockets.Bench.Plots;

/// <summary>Numbers as they stand in plots and tables.</summary>
public static class PlotNumber
{
    /// <summary>With three significant digits, and more only where they stand before the point.</summary>
    public static string Format(double value)
    {
        var magnitude = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        var decimals = Math.Max(0, 2 - magnitude);
        var text = value.ToString($"N{decimals}", CultureInfo.InvariantCulture);
        return decimals == 0 ? text : text.TrimEnd('0').TrimEnd('.');
    }
}
