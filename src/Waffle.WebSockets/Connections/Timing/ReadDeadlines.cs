namespace Waffle.WebSockets.Connections.Timing;

/// <summary>The deadlines of what is to be received, and by whom: the peer is to send, the application is to read. Called by the read loop alone.</summary>
internal sealed class ReadDeadlines(WebSocketConnectionOptions options, Deadlines deadlines, Heartbeat heartbeat)
{
    private bool _isMessageTimed;

    public void Start() => deadlines.Set(Deadline.Read, options.ReadTimeout);

    /// <summary>More must come before anything else can be read.</summary>
    public void OnAllRead(bool isUnderWay)
    {
        if (!isUnderWay)
        {
            StopTimingMessage();
        }
        else if (!_isMessageTimed)
        {
            _isMessageTimed = true;
            deadlines.Set(Deadline.Message, options.MessageTimeout);
        }
    }

    public void OnMessageReceived()
    {
        StopTimingMessage();
        if (options.ReadTimeout > TimeSpan.Zero)
        {
            deadlines.Set(Deadline.Read, options.ReadTimeout);
        }
    }

    /// <summary>The read-ahead is full: it is the application's turn, and the peer's silence is our doing.</summary>
    public void Pause()
    {
        heartbeat.Pause();
        StopTimingMessage();
        deadlines.Clear(Deadline.Read);
        deadlines.Set(Deadline.Unread, options.UnreadLimit);
    }

    public void Resume()
    {
        heartbeat.Resume();
        deadlines.Clear(Deadline.Unread);
        deadlines.Set(Deadline.Read, options.ReadTimeout);
    }

    private void StopTimingMessage()
    {
        if (_isMessageTimed)
        {
            _isMessageTimed = false;
            deadlines.Clear(Deadline.Message);
        }
    }
}
