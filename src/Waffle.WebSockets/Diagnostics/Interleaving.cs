using System.Diagnostics;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>Marks places between two steps where other threads may come between and no lock shows it. The tests that shuffle threads compile them in.</summary>
internal static class Interleaving
{
    [Conditional("INTERLEAVING")]
    public static void Point()
    {
    }
}
