using Waffle.WebSockets.Fuzz.Targets;

namespace Waffle.WebSockets.Fuzz.Commands;

/// <summary>Prints the names of the targets.</summary>
internal static class ListCommand
{
    public static int Run()
    {
        foreach (var target in FuzzTargets.All)
        {
            Console.WriteLine(target.Name);
        }

        return 0;
    }
}
