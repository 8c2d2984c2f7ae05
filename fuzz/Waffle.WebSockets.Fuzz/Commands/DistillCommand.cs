using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Commands;

/// <summary>Adds to the repository's inputs the fewest and shortest that reach all that the inputs on this machine reach.</summary>
internal static class DistillCommand
{
    public static int Run(IFuzzTarget target)
    {
        var corpus = Folders.Corpus(target);
        using var coverage = new Coverage();
        foreach (var input in corpus.Load())
        {
            Reaches(input);
        }

        var added = 0;
        foreach (var input in Folders.Grown(target).Load().OrderBy(input => input.Length))
        {
            if (Reaches(input))
            {
                corpus.Save(input);
                added++;
            }
        }

        Console.WriteLine($"{target.Name}: {added} added");
        return 0;

        bool Reaches(byte[] input)
        {
            coverage.Begin();
            target.Run(input);
            return coverage.EndNewEdges();
        }
    }
}
