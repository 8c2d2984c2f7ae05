using System.Threading.Channels;

namespace Waffle.WebSockets.Backplane;

/// <summary>Whether the engine is there, by what its driver says and by our own heartbeat, which has to come back through it.</summary>
/// <remarks>
/// The states are those of <see cref="EngineState"/>. Away → Returning: a connection, or a heartbeat that came back. Returning → There: what has to be is subscribed
/// to once more, and a heartbeat sent after that came back. Any → Away: the connection is lost, no heartbeat came back for two intervals, or returning takes
/// as long. While the driver has a connection, returning is tried at each interval. One loop takes what happens, in its order, and does what follows: no effect can pass another.
/// </remarks>
internal sealed class EngineWatch : IDisposable
{
    // Who has just come is to know us at once; but many that come at once, as after a partition, are not to make a storm.
    private const int MaxAnswersPerInterval = 16;

    private readonly Channel<Happening> _happenings = Channel.CreateUnbounded<Happening>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IEngineWatchOwner _owner;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private volatile EngineState _state;
    private long _sent;

    // The loop's alone.
    private CancellationTokenSource _return = new();
    private IReadOnlyList<ChannelScope>? _renewed;
    private long _awaitedEcho;
    private long _lastSignAt;
    private int _answers;
    private bool _isConnected;
    private bool _wasThere;

    private enum HappeningKind
    {
        Connected,
        Disconnected,
        Echo,
        Renewed,
        ServerCame,
        Tick,
    }

    public EngineWatch(IEngineWatchOwner owner, TimeSpan interval, TimeProvider time)
    {
        (_owner, _interval, _time) = (owner, interval, time);
        _timer = time.CreateTimer(static watch => ((EngineWatch)watch!).Tell(new Happening(HappeningKind.Tick)), this, interval, interval);
        _ = Task.Run(RunAsync);
    }

    public EngineState State => _state;

    private TimeSpan Patience => 2 * _interval;

    /// <summary>The driver has a connection.</summary>
    public void OnConnected() => Tell(new Happening(HappeningKind.Connected));

    /// <summary>The driver has lost its connection.</summary>
    public void OnDisconnected() => Tell(new Happening(HappeningKind.Disconnected));

    /// <summary>A heartbeat of our own has come back.</summary>
    public void OnEcho(long number) => Tell(new Happening(HappeningKind.Echo, number));

    /// <summary>Another server was heard for the first time.</summary>
    public void OnServerCame() => Tell(new Happening(HappeningKind.ServerCame));

    public void Dispose()
    {
        _timer.Dispose();
        _happenings.Writer.TryComplete();
    }

    private void Tell(in Happening happening) => _happenings.Writer.TryWrite(happening);

    private async Task RunAsync()
    {
        await foreach (var happening in _happenings.Reader.ReadAllAsync())
        {
            try
            {
                Take(happening);
            }
            catch (Exception error)
            {
                // Such as no memory: the next tick finds what is left to do.
                _owner.OnWatchFailed(error);
            }
        }

        _state = EngineState.Away;
        _return.Cancel();
    }

    private void Take(in Happening happening)
    {
        switch (happening.Kind)
        {
            case HappeningKind.Connected:
                _isConnected = true;
                ReturnIfAway();
                break;
            case HappeningKind.Disconnected:
                _isConnected = false;
                Leave();
                break;
            case HappeningKind.Echo:
                TakeEcho(happening.Number);
                break;
            case HappeningKind.Renewed when happening.Return == _return && _state == EngineState.Returning:
                _renewed = happening.Scopes;
                _awaitedEcho = SendHeartbeat();
                break;
            case HappeningKind.ServerCame when _state == EngineState.There && ++_answers <= MaxAnswersPerInterval:
                SendHeartbeat();
                break;
            case HappeningKind.Tick:
                TakeTick();
                break;
            default:
                break;
        }
    }

    private void TakeEcho(long number)
    {
        ReturnIfAway();
        if (_state == EngineState.There)
        {
            _lastSignAt = _time.GetTimestamp();
        }
        else if (_renewed is { } renewed && number >= _awaitedEcho)
        {
            // First, so that it is tried again where it fails.
            _owner.OnThere(renewed, _wasThere);
            _lastSignAt = _time.GetTimestamp();
            _renewed = null;
            _wasThere = true;
            _state = EngineState.There;
        }
    }

    private void TakeTick()
    {
        _answers = 0;
        SendHeartbeat();
        if (_state == EngineState.Away && _isConnected)
        {
            // The driver says no more than that; and no heartbeat could come back where our subscription to them is lost.
            BeginReturn();
        }
        else if (_state != EngineState.Away && _time.GetElapsedTime(_lastSignAt) >= Patience)
        {
            Leave();
        }

        _owner.OnTick();
    }

    private long SendHeartbeat()
    {
        // Before the way back has begun for the first time nothing is published; so it does not count, and the first that counts is heard by all.
        _owner.SendHeartbeat(_sent == 0 && _renewed is null ? 0 : ++_sent);
        return _sent;
    }

    private void Leave()
    {
        if (_state == EngineState.Away)
        {
            return;
        }

        _state = EngineState.Away;
        _renewed = null;
        _return.Cancel();
        _owner.OnAway();
    }

    private void ReturnIfAway()
    {
        if (_state == EngineState.Away)
        {
            BeginReturn();
        }
    }

    private void BeginReturn()
    {
        // Not disposed of: whoever renews may still look at it.
        _return = new CancellationTokenSource();
        _renewed = null;
        _lastSignAt = _time.GetTimestamp();
        _state = EngineState.Returning;
        _ = RenewAsync(_return);
    }

    private async Task RenewAsync(CancellationTokenSource ofReturn)
    {
        try
        {
            var scopes = await _owner.RenewAsync(ofReturn.Token);
            Tell(new Happening(HappeningKind.Renewed, Scopes: scopes, Return: ofReturn));
        }
        catch (OperationCanceledException)
        {
            // It went away again.
        }
        catch (Exception error)
        {
            // The next ticks find that nothing has come of it.
            _owner.OnWatchFailed(error);
        }
    }

    private readonly record struct Happening(
        HappeningKind Kind, long Number = 0, IReadOnlyList<ChannelScope>? Scopes = null, CancellationTokenSource? Return = null);
}
