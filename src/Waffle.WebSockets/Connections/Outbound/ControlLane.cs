namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Pings and pongs that wait to go ahead of messages. Not synchronised: the queue's lock guards it.</summary>
internal sealed class ControlLane
{
    /// <summary>
    /// How many pongs may wait, and how many pings. Of more only the newest goes out: its pong answers for all pings before it (RFC 6455 5.5.3).
    /// </summary>
    public const int MaxOfAKind = 16;

    private readonly Queue<OutboundFrame> _frames = new();
    private Kind _pings;
    private Kind _pongs;

    public void AddPing(OutboundFrame ping) => Add(ping, ref _pings);

    public void AddPong(OutboundFrame pong) => Add(pong, ref _pongs);

    public OutboundFrame? Take()
    {
        if (!_frames.TryDequeue(out var frame))
        {
            return null;
        }

        if (_frames.Count == 0)
        {
            Refill(ref _pings);
            Refill(ref _pongs);
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

    private void Add(OutboundFrame frame, ref Kind kind)
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

    // Into the line, or later ones would overtake it.
    private void Refill(ref Kind kind)
    {
        kind.InLine = 0;
        if (kind.Newest is { } newest)
        {
            kind.Newest = null;
            Add(newest, ref kind);
        }
    }

    private struct Kind
    {
        public int InLine;
        public OutboundFrame? Newest;
    }
}
