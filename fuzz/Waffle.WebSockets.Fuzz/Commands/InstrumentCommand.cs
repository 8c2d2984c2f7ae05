using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Fuzz.Targets;

namespace Waffle.WebSockets.Fuzz.Commands;

/// <summary>Makes a copy of this program with an instrumented library.</summary>
internal static class InstrumentCommand
{
    public static int Run(string folder)
    {
        Console.WriteLine($"{Instrumentation.Create(folder, FuzzTargets.All)} blocks instrumented");
        return 0;
    }
}
