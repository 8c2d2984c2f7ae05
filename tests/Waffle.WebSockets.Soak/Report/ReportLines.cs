using System.Globalization;
using System.Runtime.InteropServices;
using Waffle.WebSockets.Soak.Clients;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>What a run prints.</summary>
internal sealed class ReportLines(TextWriter output, SoakOptions options)
{
    private const double Megabyte = 1024 * 1024;

    private (TimeSpan Time, Figures Figures)? _last;

    public void Head() => output.WriteLine(Text(
        $"Soak: {options.Duration.TotalMinutes:0.##} min, {options.Clients} clients at a time, {options.StalledPercent} % stalled, {options.HostilePercent} % hostile, seed {options.Seed}; {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors"));

    public void Sample(TimeSpan time, Figures figures, Tally tally, Breaches breaches, TimeSpan late)
    {
        var (span, processor, deliveries) = _last is { } last
            ? (time - last.Time, figures.ProcessorSeconds - last.Figures.ProcessorSeconds, figures.Deliveries - last.Figures.Deliveries)
            : (TimeSpan.FromSeconds(1), 0, 0);
        _last = (time, figures);
        output.WriteLine(Text(
            $@"{time:hh\:mm\:ss}  heap {figures.HeapBytes / Megabyte:0.00} MB  process {figures.ProcessBytes / Megabyte:0.0} MB  handles {figures.Descriptors}  timers {figures.Timers}  threads {figures.Threads}  members {figures.Members} + {figures.RoomMembers} in {figures.Rooms} rooms  clients {tally.Clients}  ended {figures.Ends.Values.Sum()}  delivered {deliveries / span.TotalSeconds:0}/s  cpu {100 * processor / span.TotalSeconds:0} %  late {late.TotalSeconds:0.0} s  breaches {breaches.Total}"));
    }

    /// <returns>The exit code.</returns>
    public int Summary(Figures start, Figures end, Tally tally, IReadOnlyList<Trend> trends, IReadOnlyList<string> failures)
    {
        output.WriteLine();
        output.WriteLine(Text($"clients    {tally.Good} good, {tally.Stalled} stalled ({tally.StalledCut} ended by the server), {tally.Hostile} hostile"));
        output.WriteLine(Text($"broadcasts {end.Broadcasts} of the server's, to {end.Deliveries} members; not taken by {end.Lost} that were slow or closing"));
        output.WriteLine(Text($"checked    {tally.Ticks} numbered broadcasts, {tally.Remarks} remarks of other clients, {tally.Replies} replies"));
        output.WriteLine($"ends       {string.Join(", ", end.Ends.Select(count => Text($"{count.Key} {count.Value}")))}");
        foreach (var (outcome, count) in tally.HostileOutcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal))
        {
            output.WriteLine(Text($"hostile    {outcome} ×{count}"));
        }

        foreach (var trend in trends)
        {
            output.WriteLine(Text(
                $"slope      {trend.Name} {trend.Slope.PerHour / 1024:+0;-0;0} KB per hour, standard error {trend.Slope.Error / 1024:0}, from {trend.Samples} samples; {trend.PerClient:+0;-0;0} bytes per client"));
        }

        output.WriteLine(Text(
            $"left       heap {end.HeapBytes / Megabyte:0.00} MB ({start.HeapBytes / Megabyte:0.00} at the start), members {end.Members}, rooms {end.Rooms}, timers {end.Timers}, handles {end.Descriptors} ({start.Descriptors} at the start)"));
        foreach (var text in end.FaultTexts)
        {
            output.WriteLine(text);
        }

        foreach (var failure in failures)
        {
            output.WriteLine($"FAILED: {failure}");
        }

        output.WriteLine(failures.Count == 0 ? "OK: nobody was disturbed, and nothing is left." : $"{failures.Count} failed.");
        return failures.Count == 0 ? 0 : 1;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
