using System.Buffers;
using System.IO.Pipelines;
using Waffle.WebSockets.Testing.Network;

namespace Waffle.WebSockets.Testing;

/// <summary>
/// One direction of a test client's connection: what was sent stays in a buffer, as the system's would be, until it may arrive.
/// </summary>
/// <remarks>Safe to use from any thread, while bytes are under way, too.</remarks>
public sealed class TestNetworkPath
{
    private readonly Lock _conditionsLock = new();
    private readonly TimeProvider _time;
    private readonly Departures _departures;
    private readonly Pipe _sent;

    // Holds nothing: each piece is looked at before the next one comes.
    private readonly Pipe _arriving = CreatePipe(pause: 1, resume: 1);

    private TaskCompletionSource _changed = CreateSignal();
    private long _piece = long.MaxValue;
    private bool _isStalled;
    private bool _isCut;
    private bool _isBroken;
    private Exception? _error;

    internal TestNetworkPath(TimeProvider time, int bufferSize)
    {
        _time = time;
        _departures = new Departures(time);
        _sent = CreatePipe(bufferSize, Math.Max(1, bufferSize / 2));
        Output = new PathWriter(_sent.Writer, OnSent);
    }

    /// <summary>Whether <see cref="Stall"/> holds.</summary>
    public bool IsStalled
    {
        get
        {
            lock (_conditionsLock)
            {
                return _isStalled;
            }
        }
    }

    /// <summary>The sender's end.</summary>
    internal PipeWriter Output { get; }

    /// <summary>The receiver's end.</summary>
    internal PipeReader Input => _arriving.Reader;

    /// <summary>Whether what is sent now arrives at once, and whole.</summary>
    internal bool IsUndisturbed
    {
        get
        {
            lock (_conditionsLock)
            {
                return !_isStalled && !_isCut && !_isBroken && _departures.Delay == TimeSpan.Zero;
            }
        }
    }

    /// <summary>
    /// Lets nothing arrive any more until <see cref="Resume"/>. The sender can go on until the buffer of this direction is full, as if the
    /// receiver did not read.
    /// </summary>
    public void Stall() => Change(() => _isStalled = true);

    /// <summary>Lets arrive what has waited since <see cref="Stall"/>, and what comes.</summary>
    public void Resume() => Change(() => _isStalled = false);

    /// <summary>Lets everything that is sent from now on arrive so much later, by the application's clock. The order stays.</summary>
    /// <param name="delay">The delay; zero for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public void Delay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Change(() => _departures.Delay = delay);
    }

    /// <summary>
    /// Lets bytes arrive in pieces of this size at most; the receiver sees each before the next one comes. With one byte each frame is cut
    /// at every place there is.
    /// </summary>
    /// <param name="bytes">The size of a piece, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1.</exception>
    public void Split(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        Change(() => _piece = bytes);
    }

    /// <summary>Carries bytes until the stream ends or breaks. Never throws.</summary>
    internal async Task RunAsync()
    {
        var (from, to) = (_sent.Reader, _arriving.Writer);
        try
        {
            while (await WaitAsync() is var due and > 0)
            {
                // There are that many, or the stream has ended.
                var result = await from.ReadAsync();
                if (result.Buffer.IsEmpty)
                {
                    break;
                }

                var piece = result.Buffer.Slice(0, Math.Min(due, result.Buffer.Length));
                foreach (var memory in piece)
                {
                    to.Write(memory.Span);
                }

                var flushed = await to.FlushAsync();
                Remove(piece.Length);
                from.AdvanceTo(piece.End);
                if (flushed.IsCompleted)
                {
                    break;
                }
            }
        }
        finally
        {
            await to.CompleteAsync(Volatile.Read(ref _error));
            await from.CompleteAsync();
        }
    }

    /// <summary>Nothing arrives any more, and neither end is told so.</summary>
    internal void Cut() => Change(() => _isCut = true);

    /// <summary>Ends both ends at once; what is under way is lost.</summary>
    /// <param name="error">What the receiver's read throws; <see langword="null"/>: it finds the end.</param>
    internal void Break(Exception? error)
    {
        Change(() =>
        {
            _error ??= _isBroken ? null : error;
            _isBroken = true;
        });
        _arriving.Writer.CancelPendingFlush();
    }

    private static Pipe CreatePipe(int pause, int resume) =>
        new(new PipeOptions(pauseWriterThreshold: pause, resumeWriterThreshold: resume, useSynchronizationContext: false));

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnSent(long bytes) => Change(() => _departures.Add(bytes));

    private void LookAgain() => Change(static () => { });

    private void Remove(long bytes)
    {
        lock (_conditionsLock)
        {
            _departures.Remove(bytes);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_conditionsLock)
        {
            change();
            changed = _changed;
            _changed = CreateSignal();
        }

        changed.TrySetResult();
    }

    /// <summary>Waits until something may arrive, and gives how much; zero: nothing more, the path is broken.</summary>
    private async ValueTask<long> WaitAsync()
    {
        while (true)
        {
            if (!TryDecide(out var due, out var wait, out var changed))
            {
                using var timer = wait is { } time
                    ? _time.CreateTimer(static path => ((TestNetworkPath)path!).LookAgain(), this, time, Timeout.InfiniteTimeSpan)
                    : null;
                if (wait is null || !HasMoved(wait.Value))
                {
                    await changed;
                }

                continue;
            }

            return due;
        }
    }

    private bool TryDecide(out long due, out TimeSpan? wait, out Task changed)
    {
        lock (_conditionsLock)
        {
            (due, wait, changed) = (0, null, _changed.Task);
            if (_isBroken)
            {
                return true;
            }

            if (_isStalled || _isCut)
            {
                return false;
            }

            due = Math.Min(_departures.CountDue(), _piece);
            wait = due > 0 ? null : _departures.UntilNext();
            return due > 0;
        }
    }

    // The clock is in the test's hand: it may have moved before the timer was there.
    private bool HasMoved(TimeSpan wait)
    {
        lock (_conditionsLock)
        {
            return _departures.CountDue() > 0 || _departures.UntilNext() is not { } now || now < wait;
        }
    }
}
