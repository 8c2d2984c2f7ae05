using System.Diagnostics;

namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>The time that stamps carry.</summary>
internal static class Clock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Nanoseconds since some time in the past.</summary>
    public static long Now => Stopwatch.Frequency == NanosecondsPerSecond
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * ((double)NanosecondsPerSecond / Stopwatch.Frequency));

    public static long ToNanoseconds(double seconds) => (long)(seconds * NanosecondsPerSecond);

    public static double ToSeconds(long nanoseconds) => nanoseconds / (double)NanosecondsPerSecond;
}
