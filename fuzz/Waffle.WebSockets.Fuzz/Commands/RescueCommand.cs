using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Commands;

/// <summary>After a run that ended the whole process, as a stack overflow does: keeps the input that did it.</summary>
internal static class RescueCommand
{
    public static int Run(IFuzzTarget target)
    {
        if (CurrentInput.Load(Folders.Current(target)) is { } input)
        {
            RunCommand.Report(target, input, "the process ended");
        }
        else
        {
            Console.WriteLine($"{target.Name} ended, but not in a run.");
        }

        return 1;
    }
}
