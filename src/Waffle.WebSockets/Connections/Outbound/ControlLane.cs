namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Pings and pongs that wait to go ahead of messages. Not synchronised: the queue's lock guards it.</summary>
internal sealed class ControlLane
{
    /// <summary>How many pongs may wait; then only the newest ping is answered, which suffices (RFC 6455 5.5.3).</summary>
    public const int MaxPongs = 16;

    private readonly Queue<OutboundFrame> _frames = new();
    private OutboundFrame? _newestPong;
    private int _pongs;

    public void AddPing(OutboundFrame ping) => _frames.Enqueue(ping);

    public void AddPong(OutboundFrame pong)
    {
        if (_pongs < MaxPongs - 1)
        {
            _frames.Enqueue(pong);
            _pongs++;
            return;
        }

        _newestPong?.Release();
        _newestPong = pong;
    }

    public OutboundFrame? Take()
    {
        if (!_frames.TryDequeue(out var frame))
        {
            return null;
        }

        if (_frames.Count == 0)
        {
            _pongs = 0;
            if (_newestPong is { } newest)
            {
                // Into the line, or later pongs would overtake it.
                _newestPong = null;
                AddPong(newest);
            }
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
}
