namespace Waffle.WebSockets.Protocol;

/// <summary>How far the closing handshake is (RFC 6455 7.1).</summary>
internal enum CloseState
{
    /// <summary>Nobody has begun to close.</summary>
    Open,

    /// <summary>Our Close waits behind what was accepted before it; the peer's has not come.</summary>
    Closing,

    /// <summary>Our Close is written; the peer's has not come.</summary>
    CloseSent,

    /// <summary>The peer's Close has come; ours is not written yet.</summary>
    Replying,

    /// <summary>We fail the connection: our Close is to be written, and nothing that the peer sends counts any more (RFC 6455 7.1.7).</summary>
    Failing,

    /// <summary>Both Closes are through, or there is nothing left to wait for.</summary>
    Closed,
}

/// <summary>What can happen to the closing handshake.</summary>
internal enum CloseInput
{
    /// <summary>The application asks to close.</summary>
    CloseRequested,

    /// <summary>The connection must fail: the peer broke a rule or does not read.</summary>
    Failed,

    /// <summary>The peer's Close has come.</summary>
    CloseReceived,

    /// <summary>Our Close was written.</summary>
    CloseWritten,

    /// <summary>The peer's side of the transport has ended in good order: it says no more, but may still read.</summary>
    InputEnded,

    /// <summary>The transport is gone, a deadline has passed, or the application gives up.</summary>
    TransportEnded,
}

/// <summary>What is to be done after a transition.</summary>
internal enum CloseAction
{
    None,

    /// <summary>Put our Close behind everything that was accepted before.</summary>
    SendClose,

    /// <summary>Drop what was not begun and put our Close next.</summary>
    SendCloseNow,

    /// <summary>The connection has ended.</summary>
    End,
}

/// <summary>The closing handshake as one pure transition (RFC 6455 7.1.2 to 7.1.7).</summary>
internal static class CloseHandshake
{
    public static (CloseState State, CloseAction Action) Next(CloseState state, CloseInput input) => (state, input) switch
    {
        (CloseState.Closed, _) => (CloseState.Closed, CloseAction.None),
        (_, CloseInput.TransportEnded) => (CloseState.Closed, CloseAction.End),

        (CloseState.Open or CloseState.CloseSent, CloseInput.InputEnded) => (CloseState.Closed, CloseAction.End),
        (CloseState.Closing, CloseInput.InputEnded) => (CloseState.Replying, CloseAction.None),

        (CloseState.Open, CloseInput.CloseRequested) => (CloseState.Closing, CloseAction.SendClose),
        (CloseState.Open, CloseInput.CloseReceived) => (CloseState.Replying, CloseAction.SendClose),
        (CloseState.Open, CloseInput.Failed) => (CloseState.Failing, CloseAction.SendCloseNow),

        // RFC 6455 5.5.1: only one Close goes out; when both sides close at once, each one's Close answers the other's.
        (CloseState.Closing, CloseInput.CloseReceived) => (CloseState.Replying, CloseAction.None),
        (CloseState.Closing, CloseInput.CloseWritten) => (CloseState.CloseSent, CloseAction.None),
        (CloseState.CloseSent, CloseInput.CloseReceived) => (CloseState.Closed, CloseAction.End),

        // RFC 6455 7.1.7: after a breach nothing is read any more; a Close that is on its way already stands for ours.
        (CloseState.Closing, CloseInput.Failed) => (CloseState.Failing, CloseAction.None),
        (CloseState.CloseSent, CloseInput.Failed) => (CloseState.Closed, CloseAction.End),

        (CloseState.Replying or CloseState.Failing, CloseInput.CloseWritten) => (CloseState.Closed, CloseAction.End),
        _ => (state, CloseAction.None),
    };

    /// <summary>Whether messages may still be sent.</summary>
    public static bool MaySend(CloseState state) => state == CloseState.Open;
}
