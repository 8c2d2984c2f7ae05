namespace Waffle.WebSockets.Bench.Growth;

internal static class Microseconds
{
    /// <summary>The part of a time that falls to one of several operations.</summary>
    public static double For(TimeSpan time, int operations) => time.TotalMicroseconds / operations;
}
