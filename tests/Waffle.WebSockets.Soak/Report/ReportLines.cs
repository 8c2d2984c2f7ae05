using System.Globalization;
using System.Runtime.InteropServices;
using Waffle.WebSockets.Soak.Clients;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>What a run prints.</summary>
internal sealed class ReportLines(TextWriter output, SoakOptions options)
{
    private const double Megabyte = 1024 * 1024;

    private (TimeSpan Time, Figures Figures)? _last;

    public void Head() => WriteLine(
        $"Soak: {options.Duration.TotalMinutes:0.##} min",
        $"{options.Clients} clients at a time",
        $"{options.StalledPercent} % stalled",
        $"{options.HostilePercent} % hostile",
        $"seed {options.Seed}",
        $"backplane {options.Backplane}",
        $"{RuntimeInformation.FrameworkDescription}",
        $"{Environment.ProcessorCount} processors");

    public void Sample(TimeSpan time, Figures figures, Tally tally, Breaches breaches, TimeSpan late)
    {
        var (span, processor, deliveries) = _last is { } last
            ? (time - last.Time, figures.ProcessorSeconds - last.Figures.ProcessorSeconds, figures.Deliveries - last.Figures.Deliveries)
            : (TimeSpan.FromSeconds(1), 0, 0);
        _last = (time, figures);
        WriteLine(
            $@"{time:hh\:mm\:ss}",
            $"heap {figures.HeapBytes / Megabyte:0.00} MB",
            $"committed {figures.CommittedBytes / Megabyte:0.0} MB",
            $"process {figures.ProcessBytes / Megabyte:0.0} MB",
            $"handles {figures.Descriptors}",
            $"timers {figures.Timers}",
            $"threads {figures.Threads}",
            $"members {figures.Members} + {figures.RoomMembers} in {figures.Rooms} rooms",
            $"clients {tally.Clients}",
            $"ended {figures.Ends.Values.Sum()}",
            $"delivered {deliveries / span.TotalSeconds:0}/s",
            $"cpu {100 * processor / span.TotalSeconds:0} %",
            $"late {late.TotalSeconds:0.0} s",
            $"breaches {breaches.Total}");
    }

    public void Outages(int count) => WriteLine($"engine      killed {count} times, and started again");

    /// <returns>The exit code.</returns>
    public int Summary(Figures start, Figures end, Tally tally, IReadOnlyList<Trend> trends, IReadOnlyList<string> failures)
    {
        output.WriteLine();
        WriteLine(
            $"clients     good {tally.Good}",
            $"stalled {tally.Stalled}",
            $"of these ended by the server {tally.StalledCut}",
            $"hostile {tally.Hostile}");
        WriteLine($"broadcasts  of the server {end.Broadcasts}", $"members reached {end.Deliveries}", $"slow or closing {end.Lost}");
        WriteLine(
            $"checked     broadcasts {tally.Ticks}",
            $"remarks of clients {tally.Remarks}",
            $"replies {tally.Replies}",
            $"gaps told {tally.Gaps}");
        WriteLine([$"ends      ", .. end.Ends.Select(count => (FormattableString)$"{count.Key} {count.Value}")]);
        foreach (var (outcome, count) in tally.HostileOutcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal))
        {
            WriteLine($"hostile     {outcome} ×{count}");
        }

        foreach (var trend in trends)
        {
            WriteLine(
                $"slope       {trend.Name} {trend.Slope.PerHour / 1024:+0;-0;0} KB per hour",
                $"standard error {trend.Slope.Error / 1024:0}",
                $"samples {trend.Samples}",
                $"per client {trend.PerClient:+0;-0;0} bytes");
        }

        WriteLine(
            $"left        heap {end.HeapBytes / Megabyte:0.00} MB ({start.HeapBytes / Megabyte:0.00} at the start)",
            $"handles {end.Descriptors} ({start.Descriptors})",
            $"timers {end.Timers}",
            $"members {end.Members}",
            $"rooms {end.Rooms}");
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

    private void WriteLine(params FormattableString[] figures) =>
        output.WriteLine(string.Join("  ", figures.Select(static figure => figure.ToString(CultureInfo.InvariantCulture))));
}
