using System.Xml.Linq;

namespace Waffle.WebSockets.Bench.Plots;

/// <summary>Draws a <see cref="Plot"/> as SVG: one file without scripts or fonts, which follows the reader's light or dark theme.</summary>
public static class SvgPlot
{
    /// <exception cref="ArgumentException">A series has no points, or a value is not above zero.</exception>
    public static string Render(Plot plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        return new Drawing(plot).Draw().ToString();
    }

    private sealed class Drawing
    {
        private const double Width = 760;
        private const double Left = 84;
        private const double PlotHeight = 300;
        private const double Inset = 12;
        private const double LabelGap = 17;

        // Text is not measured but estimated, rather too wide than too narrow.
        private const double LetterWidth = 6.6;
        private const double BoldLetterWidth = 7.2;

        private readonly Plot _plot;
        private readonly List<(double X, double Y)> _legendPlaces = [];
        private readonly double _top;
        private readonly double _right;
        private readonly LogScale _x;
        private readonly LogScale _y;

        public Drawing(Plot plot)
        {
            _plot = plot;
            var legendRows = PlaceLegend();
            _top = 48 + (22 * legendRows);
            _right = Width - 34 - (BoldLetterWidth * plot.Series.Max(static series => EndLabel(series).Length));
            var points = plot.Series.SelectMany(static series => series.Points).ToList();
            _x = new LogScale([.. points.Select(static point => point.X)], Left + Inset, _right - Inset, leastDecades: 0.3);
            _y = new LogScale([.. points.Select(static point => point.Y)], Bottom, _top, leastDecades: 2);
        }

        private double Bottom => _top + PlotHeight;

        private double Height => Bottom + (_plot.Note is null ? 62 : 84);

        public XElement Draw() => Svg.Element(
            "svg",
            new XAttribute("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(Height)}"),
            Svg.At("width", Width),
            Svg.At("height", Height),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", _plot.Title),
            Svg.Element("title", _plot.Title),
            Svg.Element("desc", Describe()),
            Svg.Element("style", PlotStyle.Sheet),
            Svg.Element("rect", Svg.At("width", Width), Svg.At("height", Height), Svg.Class("paper")),
            Svg.Text(24, 30, _plot.Title, "title"),
            Legend(),
            Grid(),
            Axes(),
            Lines(),
            Labels(),
            _plot.Note is null ? null : Svg.Text(24, Height - 14, _plot.Note, "note"));

        private static string EndLabel(PlotSeries series) => $"{series.Name} {PlotNumber.Format(series.Points[^1].Y)}";

        private string ColorOf(int index) => _plot.Series[index].IsReference ? "r" : $"c{index % PlotStyle.Colors}";

        private string Describe() => string.Join(
            "; ",
            _plot.Series.Select(series => $"{series.Name}: " + string.Join(
                ", ", series.Points.Select(static point => $"{PlotNumber.Format(point.Y)} at {PlotNumber.Format(point.X)}"))))
            + $". {_plot.Y} over {_plot.X}, both axes logarithmic.";

        private int PlaceLegend()
        {
            var (x, row) = (Left, 0);
            foreach (var series in _plot.Series)
            {
                var width = 42 + (LetterWidth * series.Name.Length);
                if (x + width > Width - 12 && x > Left)
                {
                    (x, row) = (Left, row + 1);
                }

                _legendPlaces.Add((x, 52 + (22 * row)));
                x += width;
            }

            return row + 1;
        }

        private XElement Legend()
        {
            var legend = Svg.Element("g");
            foreach (var (index, series) in _plot.Series.Index())
            {
                var (x, y) = _legendPlaces[index];
                legend.Add(Svg.Element(
                    "g",
                    Svg.Class(ColorOf(index)),
                    Svg.Line(x, y, x + 24, y, series.IsReference ? "line reference" : "line"),
                    Svg.Mark(index, x + 12, y, "mark"),
                    Svg.Text(x + 30, y + 4, series.Name, "muted")));
            }

            return legend;
        }

        private XElement Grid()
        {
            var grid = Svg.Element("g");
            foreach (var tick in _y.Ticks())
            {
                var y = _y.Place(tick.Value);
                grid.Add(Svg.Line(Left, y, _right, y, tick.IsLabelled ? "grid" : "faint"));
                if (tick.IsLabelled)
                {
                    grid.Add(Svg.Text(Left - 8, y + 4, PlotNumber.Format(tick.Value), "muted", "end"));
                }
            }

            foreach (var tick in _x.Ticks())
            {
                var x = _x.Place(tick.Value);
                grid.Add(Svg.Line(x, _top, x, Bottom, tick.IsLabelled ? "grid" : "faint"));
                if (tick.IsLabelled)
                {
                    grid.Add(Svg.Text(x, Bottom + 18, PlotNumber.Format(tick.Value), "muted", "middle"));
                }
            }

            return grid;
        }

        private XElement Axes()
        {
            var middle = (_top + Bottom) / 2;
            var title = Svg.Text(0, 0, _plot.Y.ToString(), "axis", "middle");
            title.Add(new XAttribute("transform", $"translate(22 {Svg.Number(middle)}) rotate(-90)"));
            return Svg.Element(
                "g",
                Svg.Line(Left, _top, Left, Bottom, "frame"),
                Svg.Line(Left, Bottom, _right, Bottom, "frame"),
                title,
                Svg.Text((Left + _right) / 2, Bottom + 44, _plot.X.ToString(), "axis", "middle"));
        }

        private XElement Lines()
        {
            var lines = Svg.Element("g");

            // What the others are held against lies below them.
            foreach (var (index, series) in _plot.Series.Index().OrderByDescending(static entry => entry.Item.IsReference))
            {
                var points = series.Points.Select(point => (_x.Place(point.X), _y.Place(point.Y))).ToList();
                lines.Add(Svg.Element(
                    "g",
                    Svg.Class(ColorOf(index)),
                    Svg.Polyline(points, series.IsReference ? "line reference" : "line"),
                    points.Select(point => Svg.Mark(index, point.Item1, point.Item2, "mark"))));
            }

            return lines;
        }

        private XElement Labels()
        {
            var ends = _plot.Series.Select(static series => series.Points[^1]).ToList();
            var places = EndLabels.Spread([.. ends.Select(end => _y.Place(end.Y))], LabelGap, _top, Bottom);
            var labels = Svg.Element("g");
            foreach (var (index, series) in _plot.Series.Index())
            {
                var (x, y) = (_x.Place(ends[index].X), _y.Place(ends[index].Y));
                labels.Add(Svg.Element(
                    "g",
                    Svg.Class(ColorOf(index)),
                    Svg.Line(x + 5, y, _right + 12, places[index], "lead"),
                    Svg.Text(_right + 16, places[index] + 4, EndLabel(series), "own")));
            }

            return labels;
        }
    }
}
