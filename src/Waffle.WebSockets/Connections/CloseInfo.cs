namespace Waffle.WebSockets;

/// <summary>How a connection ended.</summary>
/// <param name="Code">The close code: the peer's if it closed, ours if we did; <see cref="CloseCode.NoStatusReceived"/> if the peer gave none, <see cref="CloseCode.AbnormalClosure"/> without a Close.</param>
/// <param name="Reason">The reason that went with the code; may be empty.</param>
/// <param name="Cause">Who ended the connection, and why.</param>
/// <param name="Error">The exception behind the end, such as a transport's error; <see langword="null"/> if there was none.</param>
/// <param name="UnsentMessages">Messages that were accepted and then not written: unsent at the end, or dropped later to make room.</param>
/// <example>
/// <code>
/// CloseInfo close = await connection.Completion;
/// if (!close.IsNormal)
/// {
///     Console.WriteLine($"{close.Cause}, code {(int)close.Code}, {close.UnsentMessages} messages unsent: {close.Error?.Message ?? close.Reason}");
/// }
/// </code>
/// </example>
public sealed record CloseInfo(CloseCode Code, string Reason, CloseCause Cause, Exception? Error = null, int UnsentMessages = 0)
{
    /// <summary>
    /// Whether nothing went wrong: the peer closed with 1000, 1001 or no code, or we closed with 1000 or 1001, or, with any code, because the server stops or for the
    /// connection's age.
    /// </summary>
    public bool IsNormal => Cause switch
    {
        CloseCause.PeerClosed => Code is CloseCode.NormalClosure or CloseCode.GoingAway or CloseCode.NoStatusReceived,
        CloseCause.ClosedHere => Code is CloseCode.NormalClosure or CloseCode.GoingAway,
        CloseCause.Shutdown or CloseCause.MaxAge => Code != CloseCode.AbnormalClosure,
        _ => false,
    };

    /// <summary>Whether the end came by a Close of the peer's or the application's or the server's, as opposed to a fault.</summary>
    internal bool IsByHandshake => Cause switch
    {
        CloseCause.PeerClosed or CloseCause.ClosedHere => true,
        CloseCause.Shutdown or CloseCause.MaxAge => Code != CloseCode.AbnormalClosure,
        _ => false,
    };
}
