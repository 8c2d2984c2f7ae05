using System.Globalization;

namespace Waffle.WebSockets.InterleavingTests.Schedules;

/// <summary>Runs many schedules of one scene.</summary>
internal static class Many
{
    /// <summary>Runs as many schedules as <c>SCHEDULES</c> in the environment says, or else <paramref name="count"/>. What fails is told with its seed.</summary>
    /// <param name="count">How many.</param>
    /// <param name="run">Sets a scene up, runs it and looks at it.</param>
    /// <param name="output">Where to say how many there were.</param>
    public static void Schedules(int count, Action<Interleaver> run, ITestOutputHelper? output = null)
    {
        if (Environment.GetEnvironmentVariable("SCHEDULE_SEED") is { Length: > 0 } seed)
        {
            run(new Interleaver(int.Parse(seed, CultureInfo.InvariantCulture)));
            return;
        }

        if (Environment.GetEnvironmentVariable("SCHEDULES") is { Length: > 0 } wanted)
        {
            count = int.Parse(wanted, CultureInfo.InvariantCulture);
        }

        long switches = 0;
        var first = Random.Shared.Next();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var schedule = new Interleaver(unchecked(first + i));
            try
            {
                run(schedule);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"SCHEDULE_SEED={unchecked(first + i)} repeats this failure.", error);
            }

            Interlocked.Add(ref switches, schedule.Switches);
        });
        output?.WriteLine($"{count} schedules, {switches} switches");
    }
}
