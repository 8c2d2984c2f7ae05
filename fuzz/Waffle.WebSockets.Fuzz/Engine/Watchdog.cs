namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Notices a run that does not end.</summary>
/// <remarks>That a run is slow because the machine is busy must not count; the limit is far above what any run needs.</remarks>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private readonly Action _onHang;
    private readonly Timer _timer;
    private long _runs;
    private long _runsBefore = -1;

    public Watchdog(Action onHang)
    {
        _onHang = onHang;
        _timer = new Timer(_ => Look(), state: null, _limit, _limit);
    }

    /// <summary>A run begins: an odd number; it has ended: an even one.</summary>
    public void Tick() => Volatile.Write(ref _runs, _runs + 1);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var runs = Volatile.Read(ref _runs);
        if (runs == _runsBefore && runs % 2 == 1)
        {
            _onHang();
        }

        _runsBefore = runs;
    }
}
