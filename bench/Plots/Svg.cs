using System.Globalization;
using System.Xml.Linq;

namespace Waffle.WebSockets.Bench.Plots;

/// <summary>The few elements of SVG that a plot is made of.</summary>
internal static class Svg
{
    private static readonly XNamespace _namespace = "http://www.w3.org/2000/svg";

    public static XElement Element(string name, params object?[] content) => new(_namespace + name, content);

    public static XAttribute Class(string value) => new("class", value);

    public static XElement Line(double x1, double y1, double x2, double y2, string @class) =>
        Element("line", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2), Class(@class));

    public static XElement Text(double x, double y, string text, string @class, string anchor = "start") =>
        Element("text", At("x", x), At("y", y), new XAttribute("text-anchor", anchor), Class(@class), text);

    public static XElement Polyline(IEnumerable<(double X, double Y)> points, string @class) => Element(
        "polyline",
        new XAttribute("points", string.Join(' ', points.Select(static point => $"{Number(point.X)},{Number(point.Y)}"))),
        Class(@class));

    /// <summary>A mark at a point: series that have the same colour for somebody's eyes still differ in its form.</summary>
    public static XElement Mark(int form, double x, double y, string @class) => (form % 4) switch
    {
        0 => Element("circle", At("cx", x), At("cy", y), At("r", 4), Class(@class)),
        1 => Element("rect", At("x", x - 3.6), At("y", y - 3.6), At("width", 7.2), At("height", 7.2), Class(@class)),
        2 => Shape(@class, (x, y - 5), (x + 5, y + 3.8), (x - 5, y + 3.8)),
        _ => Shape(@class, (x, y - 5.2), (x + 5.2, y), (x, y + 5.2), (x - 5.2, y)),
    };

    public static XAttribute At(string name, double value) => new(name, Number(value));

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static XElement Shape(string @class, params ReadOnlySpan<(double X, double Y)> corners)
    {
        var points = new List<string>();
        foreach (var (x, y) in corners)
        {
            points.Add($"{Number(x)},{Number(y)}");
        }

        return Element("polygon", new XAttribute("points", string.Join(' ', points)), Class(@class));
    }
}
