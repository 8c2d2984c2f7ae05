using System.Globalization;
using System.Text;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>The results for people.</summary>
internal sealed class MarkdownReport(BenchResults results)
{
    private readonly StringBuilder _text = new();
    private readonly Footnotes _notes = new();

    public static string Write(BenchResults results) => new MarkdownReport(results).Write();

    private string Write()
    {
        AppendHead();
        AppendPeers();
        foreach (var group in results.Workloads.GroupBy(workload => workload.Group))
        {
            Append($"## {Groups.Describe(group.Key)}\n");
            if (group.Key == Groups.Growth)
            {
                Append(new GrowthTables(results, [.. group]).Write());
            }
            else if (group.Key == Groups.Memory)
            {
                Append(GroupTables.Memory(results, [.. group], _notes));
            }
            else
            {
                Append(GroupTables.Cost(results, [.. group], _notes));
                Append(GroupTables.Rate(results, [.. group]));
                if (group.Key == Groups.TwoServers)
                {
                    Append(GroupTables.Shares(results, [.. group]));
                }
            }
        }

        if (_notes.ToString() is { Length: > 0 } notes)
        {
            Append($"## Notes\n\n{notes}");
        }

        return _text.ToString().TrimEnd('\n') + "\n";
    }

    private void AppendHead()
    {
        var machine = results.Machine;
        var place = results.Pinned ? "The server has one core, or two servers and the engine between them; the generator has the others" : "The server and the generator share the cores";
        var receiver = results.Spin ? ", which polls and never sleeps" : "";
        Append("# Load: servers side by side\n");
        Append(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Written by `{results.Command}` on {results.Started:yyyy-MM-dd} at {results.Started:HH:mm} UTC.
            {machine.Processor}, {machine.CoreCount} cores; {machine.System}; load average before: {machine.LoadAverage:0.0}.
            {place}{receiver}; TCP over loopback, no TLS.
            Rounds: {results.Rounds}; in each, every server is measured for {results.Seconds:0.#} s. Figures are medians of the rounds.

            Cost is the server's processor time, user's and system's, of all threads, in microseconds for each delivery, message or
            handshake; in brackets its ratio to the floor's in the same round. Below 1.2 between two servers is noise. A server that
            lost, doubled, changed or overtook a message has no figure.

            """));
    }

    private void AppendPeers()
    {
        var table = new MarkdownTable("server", "what it is", "version") { TextColumns = 3 };
        foreach (var peer in results.Peers)
        {
            table.Add(peer.Name, peer.Description, peer.Version ?? $"not measured: {peer.Missing}");
        }

        Append($"{table}");
    }

    private void Append(string text) => _text.Append(text).Append('\n');
}
