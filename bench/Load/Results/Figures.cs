using System.Globalization;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>Figures as text, with as many digits as they deserve.</summary>
internal static class Figures
{
    public static string Format(double value) => Math.Abs(value) switch
    {
        < 1 => Format(value, "0.00"),
        < 30 => Format(value, "0.0"),
        _ => Format(value, "N0"),
    };

    public static string FormatRatio(double value) => Format(value, "0.00");

    public static string FormatKibibytes(double bytes) => Format(bytes / 1024, "0.0");

    /// <summary>A duration in the unit that fits.</summary>
    public static string FormatDuration(double microseconds) =>
        microseconds < 1000 ? $"{Format(microseconds)} µs" : $"{Format(microseconds / 1000)} ms";

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
