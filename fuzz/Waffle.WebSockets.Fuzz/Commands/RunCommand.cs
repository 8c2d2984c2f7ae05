using System.Diagnostics;
using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Commands;

/// <summary>Fuzzes a target for a time.</summary>
internal static class RunCommand
{
    /// <summary>Runs, and tells how it goes.</summary>
    /// <param name="target">What to run.</param>
    /// <param name="time">For how long.</param>
    /// <param name="seed">Makes the run repeatable: it begins with nothing but what the repository holds, and keeps nothing.</param>
    public static int Run(IFuzzTarget target, TimeSpan time, int? seed)
    {
        if (BlockMap.Load(AppContext.BaseDirectory) is not { } map)
        {
            Console.Error.WriteLine("The library is not instrumented.");
            return 2;
        }

        var blocks = map.Of(target);
        var grown = Folders.Grown(target);
        Directory.CreateDirectory(Path.GetDirectoryName(Folders.Current(target))!);
        List<byte[]> seeds = [.. Folders.Corpus(target).Load(), .. Folders.Findings(target).Load(), .. seed is null ? grown.Load() : []];
        var clock = Stopwatch.StartNew();
        using var coverage = new Coverage();
        using var driver = new Driver(target, coverage, Folders.Current(target), seed ?? Environment.TickCount, () => EndHanging(target))
        {
            OnNewInput = input => _ = seed is null ? grown.Save(input) : null,
            OnProgress = Print,
        };
        var finding = driver.Run(seeds, time);
        Print(driver);
        if (finding is not var (input, failure))
        {
            return 0;
        }

        Report(target, input, failure.ToString());
        return 1;

        void Print(Driver driver)
        {
            var seconds = clock.Elapsed.TotalSeconds;
            var speed = FormattableString.Invariant($"{seconds:F0} s, {driver.Runs} runs, {driver.Runs / seconds:F0}/s");
            var reached = $"corpus {driver.CorpusSize}, {coverage.Edges} edges, {coverage.CountEntered(blocks)} of {blocks.Count} blocks";
            Console.WriteLine($"{target.Name}: {speed}, {reached}, work {(int)(100 * driver.WorkShare)} % of the limit");
        }
    }

    /// <summary>Keeps an input that failed, and says how to see it fail again.</summary>
    public static void Report(IFuzzTarget target, byte[] input, string failure)
    {
        var file = Folders.Findings(target).Save(input);
        Console.WriteLine($"{target.Name} failed: {failure}");
        Console.WriteLine($"Input, {input.Length} bytes: {file}");
        Console.WriteLine($"Again: ./fuzz.sh replay {target.Name} {file}");
    }

    private static void EndHanging(IFuzzTarget target)
    {
        Report(target, CurrentInput.Load(Folders.Current(target)) ?? [], "the run does not end");
        Environment.Exit(1);
    }
}
