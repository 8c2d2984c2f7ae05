using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>In place of the library's.</summary>
internal static class Interleaving
{
    public static void Point() => Interleaver.Point();
}
