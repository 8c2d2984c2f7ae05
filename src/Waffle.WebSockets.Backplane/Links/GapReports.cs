namespace Waffle.WebSockets.Backplane;

/// <summary>Tells gaps, by something that never throws: the first of a kind at once, and what comes within a second of it together, so that a storm of losses makes no storm of notices.</summary>
internal sealed class GapReports : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly Lock _openLock = new();
    private readonly Dictionary<(GapCause Cause, Guid? Server), Gathered?> _open = [];
    private readonly Action<GapReport> _tell;
    private readonly ITimer _timer;

    public GapReports(Action<GapReport> tell, TimeProvider time)
    {
        _tell = tell;
        _timer = time.CreateTimer(static reports => ((GapReports)reports!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(GapReport report)
    {
        lock (_openLock)
        {
            var key = (report.Cause, report.Server);
            if (_open.TryGetValue(key, out var gathered))
            {
                _open[key] = (gathered ?? new Gathered()).Add(report);
                return;
            }

            _open.Add(key, null);
            if (_open.Count == 1)
            {
                _timer.Change(_pause, _pause);
            }
        }

        _tell(report);
    }

    public void Dispose() => _timer.Dispose();

    private void Flush()
    {
        var due = new List<GapReport>();
        lock (_openLock)
        {
            foreach (var (key, gathered) in _open.ToArray())
            {
                if (gathered is null)
                {
                    _open.Remove(key);
                }
                else
                {
                    due.Add(gathered.ToReport(key.Cause, key.Server));
                    _open[key] = null;
                }
            }

            if (_open.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        due.ForEach(_tell);
    }

    private sealed class Gathered
    {
        private readonly HashSet<ChannelScope> _scopes = [];
        private long? _missing = 0;

        public Gathered Add(GapReport report)
        {
            _scopes.UnionWith(report.Scopes);
            _missing += report.Missing;
            return this;
        }

        // Of several channels together nobody could tell how many are missing in each.
        public GapReport ToReport(GapCause cause, Guid? server) => new(cause, [.. _scopes], _scopes.Count == 1 ? _missing : null, server);
    }
}
