namespace Waffle.WebSockets.Bench.Plots;

/// <summary>How something grows: values of one or several series over a size, both of which are drawn on logarithmic axes.</summary>
/// <param name="Name">Names the file.</param>
/// <param name="Title">What is shown.</param>
/// <param name="X">The size.</param>
/// <param name="Y">What was measured.</param>
/// <param name="Series">One line each.</param>
/// <param name="Note">Where and when it was measured.</param>
public sealed record Plot(string Name, string Title, PlotAxis X, PlotAxis Y, IReadOnlyList<PlotSeries> Series, string? Note = null);

/// <param name="Title">What is counted along the axis.</param>
/// <param name="Unit">The unit, if it has one.</param>
public sealed record PlotAxis(string Title, string? Unit = null)
{
    public override string ToString() => Unit is null ? Title : $"{Title} ({Unit})";
}

/// <param name="Name">Whose values they are.</param>
/// <param name="Points">In ascending order of X.</param>
/// <param name="IsReference">Whether the others are held against it, so that it is drawn in the background.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<PlotPoint> Points, bool IsReference = false);

public readonly record struct PlotPoint(double X, double Y);
