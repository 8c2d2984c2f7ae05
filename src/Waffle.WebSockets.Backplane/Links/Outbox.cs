using System.Threading.Channels;

namespace Waffle.WebSockets.Backplane;

/// <summary>What waits to be published for members, bounded in bytes, and the one loop that hands it to the backplane.</summary>
/// <remarks>
/// Publishing never waits: what does not fit, or comes while the engine is known to be away, is refused, though it has its number, so that those who
/// listen see that it is missing. A window of publications is under way at once, in the order of their numbers.
/// </remarks>
internal sealed class Outbox : IDisposable
{
    private const int Window = 64;

    // Whose numbers are remembered.
    private const int MaxChannels = 65_536;

    // So long it takes at most until an engine that is away is found, with an interval for what waited.
    private const int DoubtfulIntervals = 4;

    private readonly Lock _orderLock = new();
    private readonly Channel<Outgoing> _waiting = Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _window = new(Window);
    private readonly LossyChannels _lossy = new(MaxChannels);
    private readonly EnvelopeSender _sender;
    private readonly ServerMessages _servers;
    private readonly SentSequences _sequences;
    private readonly Guid _self;
    private readonly BackplaneOptions _options;
    private readonly Task _pump;
    private long _waitingBytes;
    private long _lastSeveral;
    private volatile CancellationTokenSource _attempts = new();
    private volatile bool _isHeld = true;
    private volatile bool _isEnded;

    public Outbox(EnvelopeSender sender, ServerMessages servers, Guid self, BackplaneOptions options, TimeProvider time)
    {
        (_sender, _servers, _self, _options) = (sender, servers, self, options);
        _sequences = new SentSequences(options.HubName!, MaxChannels, time);
        _pump = Task.Run(PumpAsync);
    }

    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    /// <summary>The next number for a message to several rooms.</summary>
    public long NextSeveral() => Interlocked.Increment(ref _lastSeveral);

    /// <summary>Numbers an envelope and takes it to be published. Takes over the reference to the content, also where it refuses.</summary>
    /// <returns><see langword="null"/>: it was taken.</returns>
    public PublishRefusal? Add(ChannelScope scope, EnvelopeKind kind, MessageAttributes? attributes, IPublishedBytes? content)
    {
        PublishRefusal? refusal;
        lock (_orderLock)
        {
            var sequence = _sequences.Next(scope);
            refusal = TryWait(new Outgoing(
                sequence.Channel, scope, new EnvelopeHeader(kind, _self, sequence.Epoch, sequence.Last), attributes, content));
        }

        if (refusal is not null)
        {
            _lossy.Add(scope);
            content?.Release();
        }

        return refusal;
    }

    /// <summary>The engine is away: what waits, and what is under way, is given up, and nothing is taken.</summary>
    public void Hold()
    {
        lock (_orderLock)
        {
            _isHeld = true;

            // What the engine, or the driver, had taken of late may have gone with it.
            foreach (var scope in _sequences.UsedWithin(DoubtfulIntervals * _options.HeartbeatInterval))
            {
                _lossy.Add(scope);
            }
        }

        _attempts.Cancel();
    }

    /// <summary>The engine is there. What was lost meanwhile is told before anything new.</summary>
    public void Resume()
    {
        lock (_orderLock)
        {
            // Not disposed of: what was given up may still look at it.
            _attempts = new CancellationTokenSource();
            _isHeld = false;
            MarkLossyChannels();
        }
    }

    /// <summary>Says in each channel where something was not published how far it was counted; or, where that is not known any more, to all servers.</summary>
    public void MarkLossyChannels()
    {
        var lossy = _lossy.TakeAll(out var isUnknown);
        lock (_orderLock)
        {
            foreach (var scope in lossy)
            {
                if (_sequences.Find(scope) is not { } sequence)
                {
                    isUnknown = true;
                }
                else if (TryWait(new Outgoing(
                    sequence.Channel, scope, new EnvelopeHeader(EnvelopeKind.Marker, _self, sequence.Epoch, sequence.Last), null, null)) is not null)
                {
                    // Next time.
                    _lossy.Add(scope);
                }
            }
        }

        if (isUnknown)
        {
            _ = TellUnknownLossAsync();
        }
    }

    /// <summary>Takes no more; returns when what waits is published.</summary>
    public async Task CompleteAsync()
    {
        _isEnded = true;
        _waiting.Writer.TryComplete();
        await _pump;
        for (var i = 0; i < Window; i++)
        {
            await _window.WaitAsync();
        }
    }

    /// <summary>What still waits, and what is under way, is given up.</summary>
    public void Dispose()
    {
        _isEnded = true;
        _waiting.Writer.TryComplete();
        Hold();
    }

    private PublishRefusal? TryWait(in Outgoing outgoing)
    {
        if (_isEnded)
        {
            return PublishRefusal.Ended;
        }

        if (outgoing.Length > _options.MaxMessageSize)
        {
            return PublishRefusal.TooLong;
        }

        if (_isHeld)
        {
            return PublishRefusal.Away;
        }

        if (Interlocked.Add(ref _waitingBytes, outgoing.Cost) <= _options.MaxPendingBytes && _waiting.Writer.TryWrite(outgoing))
        {
            return null;
        }

        Interlocked.Add(ref _waitingBytes, -outgoing.Cost);
        return PublishRefusal.Full;
    }

    private async Task TellUnknownLossAsync()
    {
        if (!await _servers.TellAllAsync(EnvelopeKind.Marker))
        {
            _lossy.AddUnknown();
        }
    }

    private async Task PumpAsync()
    {
        await foreach (var outgoing in _waiting.Reader.ReadAllAsync())
        {
            await _window.WaitAsync();

            // Begun in this order; ends in any.
            _ = SendAsync(outgoing, _attempts.Token);
        }
    }

    private async Task SendAsync(Outgoing outgoing, CancellationToken attempt)
    {
        try
        {
            if (_isHeld)
            {
                outgoing.Content?.Release();
                _lossy.Add(outgoing.Scope);
            }
            else if (!await _sender.TrySendAsync(outgoing, attempt))
            {
                _lossy.Add(outgoing.Scope);
            }
        }
        finally
        {
            _window.Release();
            Interlocked.Add(ref _waitingBytes, -outgoing.Cost);
        }
    }
}
