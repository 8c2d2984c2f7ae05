namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Pings and pongs that wait to go ahead of messages. Not synchronised: the queue's lock guards it.</summary>
internal sealed class ControlLane
{
    /// <summary>
    /// How many pings and how many pongs may wait; of more only the newest does. It suffices: one pong answers all pings before it, the peer's as well
    /// as ours (RFC 6455 5.5.3).
    /// </summary>
    public const int MaxOfAKind = 16;

    private readonly Queue<OutboundFrame> _frames = new();
    private Kind _pings;
    private Kind _pongs;

    public bool IsEmpty => _frames.Count == 0;

    public void AddPing(OutboundFrame ping) => Add(ref _pings, ping);

    public void AddPong(OutboundFrame pong) => Add(ref _pongs, pong);

    public OutboundFrame? Take()
    {
        if (!_frames.TryDequeue(out var frame))
        {
            return null;
        }

        if (_frames.Count == 0)
        {
            // Into the line, or later ones would overtake them.
            Admit(ref _pongs);
            Admit(ref _pings);
        }

        return frame;
    }

    public void Discard()
    {
        while (Take() is { } frame)
        {
            frame.Release();
        }
    }

    private void Add(ref Kind kind, OutboundFrame frame)
    {
        if (kind.InLine < MaxOfAKind - 1)
        {
            _frames.Enqueue(frame);
            kind.InLine++;
            return;
        }

        kind.Newest?.Release();
        kind.Newest = frame;
    }

    private void Admit(ref Kind kind)
    {
        kind.InLine = 0;
        if (kind.Newest is { } newest)
        {
            kind.Newest = null;
            Add(ref kind, newest);
        }
    }

    private struct Kind
    {
        public int InLine;
        public OutboundFrame? Newest;
    }
}
