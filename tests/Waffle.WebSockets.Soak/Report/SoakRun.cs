using System.Diagnostics;
using Waffle.WebSockets.Soak.Clients;
using Waffle.WebSockets.Soak.Server;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>One run: a server, or two with an engine between them, a crowd of clients, a line now and then, and the summary.</summary>
internal sealed class SoakRun
{
    private static readonly TimeSpan _timeToEnd = TimeSpan.FromMinutes(2);

    private readonly Stopwatch _clock = new();
    private readonly List<Sample> _samples = [];
    private readonly Tally _tally = new();
    private readonly Pulse _pulse = new();
    private readonly SoakOptions _options;
    private readonly TextWriter _output;
    private readonly Breaches _breaches;

    public SoakRun(SoakOptions options, TextWriter output)
    {
        _options = options;
        _output = TextWriter.Synchronized(output);
        _breaches = new Breaches(_output);
    }

    /// <returns>The exit code: 0 if all that must hold does.</returns>
    public async Task<int> RunAsync(CancellationToken interrupt)
    {
        if (_options.Backplane == SoakBackplane.None)
        {
            await using var server = await SoakedServer.StartAsync(new ServerSetup("one"));
            return await RunAsync(server, other: null, engine: null, interrupt);
        }

        await using var engine = await SoakEngine.StartAsync(_options);
        await using var one = await SoakedServer.StartAsync(new ServerSetup("one", _options.Backplane, engine.Endpoint));
        await using var two = await SoakedServer.StartAsync(new ServerSetup("two", _options.Backplane, engine.Endpoint));
        return await RunAsync(one, two, engine, interrupt);
    }

    // The lines tell of the first server; both must leave nothing.
    private async Task<int> RunAsync(SoakedServer server, SoakedServer? other, SoakEngine? engine, CancellationToken interrupt)
    {
        var lines = new ReportLines(_output, _options);
        lines.Head();

        // The first answer makes what all later ones need.
        await server.ReadFiguresAsync();
        var start = await server.ReadFiguresAsync();
        lines.Sample(TimeSpan.Zero, start, _tally, _breaches, _pulse.TakeWorst());

        var startOfOther = other is null ? null : await other.ReadFiguresAsync();
        var crowd = new Crowd(other is null ? [server.Address] : [server.Address, other.Address], _options, _breaches, _tally);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        _clock.Start();
        var living = crowd.RunAsync(stop.Token);
        var beating = _pulse.RunAsync(stop.Token);
        var breaking = engine?.RunAsync(stop.Token) ?? Task.CompletedTask;
        await SampleAsync(server, lines, stop.Token);
        await stop.CancelAsync();
        await beating;
        await breaking;
        await living.WaitAsync(_timeToEnd, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!living.IsCompleted)
        {
            _breaches.Add("clients that do not end", string.Join(", ", crowd.Present));
        }

        await SettleAsync(server, start);
        await Task.Delay(_options.Rest, CancellationToken.None);
        var end = await server.ReadFiguresAsync();
        lines.Sample(_clock.Elapsed, end, _tally, _breaches, _pulse.TakeWorst());
        var tenth = _samples.Find(sample => sample.Time >= _options.Duration / 10)?.Figures ?? end;
        var heap = Trend.Of("heap", _options.Duration, _samples, static figures => figures.HeapBytes);
        var committed = Trend.Of("committed", _options.Duration, _samples, static figures => figures.CommittedBytes);
        var process = Trend.Of("process", _options.Duration, _samples, static figures => figures.ProcessBytes);
        List<string> failures = [.. Verdict.Failures(start, tenth, end, heap, _breaches)];
        if (other is not null)
        {
            await SettleAsync(other, startOfOther!);
            var endOfOther = await other.ReadFiguresAsync();
            failures.AddRange(Verdict.Failures(startOfOther!, endOfOther).Select(static failure => $"second server: {failure}"));
            lines.Outages(engine!.Outages);
        }

        return lines.Summary(start, end, _tally, [heap, committed, process], failures);
    }

    private async Task SampleAsync(SoakedServer server, ReportLines lines, CancellationToken stop)
    {
        using var rounds = new PeriodicTimer(_options.Interval);
        try
        {
            while (_clock.Elapsed + (_options.Interval / 2) < _options.Duration && await rounds.WaitForNextTickAsync(stop))
            {
                var figures = await server.ReadFiguresAsync();
                _samples.Add(new Sample(_clock.Elapsed, figures, _tally.Clients));
                lines.Sample(_clock.Elapsed, figures, _tally, _breaches, _pulse.TakeWorst());
            }
        }
        catch (OperationCanceledException)
        {
            _output.WriteLine("Ended early.");
        }
    }

    // The server needs a moment to see that the last have gone.
    private static async Task SettleAsync(SoakedServer server, Figures start)
    {
        var since = Stopwatch.StartNew();
        while (Verdict.Leftovers(start, await server.ReadFiguresAsync()).Any() && since.Elapsed < _timeToEnd)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }
}
