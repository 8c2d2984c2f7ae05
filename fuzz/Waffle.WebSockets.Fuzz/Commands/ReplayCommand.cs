using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Commands;

/// <summary>Runs a target once for each file, and shows what fails.</summary>
internal static class ReplayCommand
{
    public static int Run(IFuzzTarget target, string[] files)
    {
        var failed = 0;
        foreach (var file in files)
        {
            try
            {
                target.Run(File.ReadAllBytes(file));
                Console.WriteLine($"{file}: passed");
            }
            catch (Exception failure)
            {
                Console.WriteLine($"{file}: {failure}");
                failed++;
            }
        }

        return failed == 0 ? 0 : 1;
    }
}
