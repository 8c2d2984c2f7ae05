using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>A transport that takes what is written when the schedule says so, and finds out when two write at once.</summary>
internal sealed class GatedOutput(Interleaver schedule) : IOutput
{
    private readonly List<byte> _appended = [];
    private PendingFlush? _flush;
    private bool _isInUse;
    private bool _isCut;

    /// <summary>What was sent.</summary>
    public List<byte> Sent { get; } = [];

    public bool IsFlushPending => _flush is not null;

    /// <summary>No flush is ever pending.</summary>
    public bool IsAlwaysReady { get; set; }

    public int Completions { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Enter();
        _appended.AddRange(bytes);
        Interleaver.Point();
        _isInUse = false;
    }

    public ValueTask<bool> FlushAsync()
    {
        Enter();
        Interleaver.Point();
        _isInUse = false;
        if (_isCut)
        {
            return new ValueTask<bool>(false);
        }

        if (IsAlwaysReady || schedule.Random.Next(2) == 0)
        {
            Take();
            return new ValueTask<bool>(true);
        }

        _flush = new PendingFlush();
        return _flush.Task;
    }

    public ValueTask CompleteAsync()
    {
        Enter();
        Completions++;
        Interleaver.Point();
        _isInUse = false;
        return default;
    }

    /// <summary>The transport is cut: a pending flush takes nothing.</summary>
    public void Cut() => _isCut = true;

    /// <summary>Ends the pending flush; the writer goes on within this call.</summary>
    public void EndFlush(Exception? error = null)
    {
        var flush = _flush!;
        _flush = null;
        _isCut |= error is not null;
        if (!_isCut)
        {
            Take();
        }

        flush.End(!_isCut, error);
    }

    private void Take()
    {
        Sent.AddRange(_appended);
        _appended.Clear();
    }

    private void Enter()
    {
        Assert.False(_isInUse, "Two use the output at once.");
        Assert.False(IsFlushPending, "The output is used while a flush is pending.");
        Assert.Equal(0, Completions);
        _isInUse = true;
    }
}
