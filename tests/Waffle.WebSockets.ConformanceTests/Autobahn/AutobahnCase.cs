namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>What is sent together, and the replies that must have come before anything else is sent.</summary>
internal sealed record Exchange(IReadOnlyList<byte[]> Frames, params IReadOnlyList<Reply> Replies);

/// <summary>One case: what is sent, what must come back, how the connection must end.</summary>
/// <param name="Id">Autobahn's number.</param>
/// <param name="Exchanges">One after another.</param>
internal sealed record AutobahnCase(string Id, params IReadOnlyList<Exchange> Exchanges)
{
    public const string Hello = "Hello, world!";

    public AutobahnCase(string id, IReadOnlyList<byte[]> frames, params IReadOnlyList<Reply> replies)
        : this(id, new Exchange(frames, replies))
    {
    }

    /// <summary>Frames for which the server must fail the connection, unanswered.</summary>
    public static AutobahnCase Fails(string id, params IReadOnlyList<byte[]> frames) => new(id, frames) { Close = CloseCode.ProtocolError };

    /// <summary>A message, which is answered; then a frame that must fail the connection, and a ping, which must not be answered.</summary>
    public static AutobahnCase FailsBehindMessage(string id, byte[] frame) =>
        new(id, new Exchange([ClientFrames.Text(Hello)], Reply.Text(Hello)), new Exchange([frame, ClientFrames.Ping()]))
        {
            Close = CloseCode.ProtocolError,
            IsRace = true,
        };

    public Chops Chops { get; init; } = Chops.None;

    /// <summary>
    /// The code of the Close that the server must send after the last exchange without being asked: 1005, a Close without a code.
    /// <see langword="null"/>: the client closes with 1000, and the server answers with 1000.
    /// </summary>
    public CloseCode? Close { get; init; }

    /// <summary>
    /// Whether Autobahn waits for no reply before it sends what ends the connection. A server may end it at once then, whatever it still
    /// had to answer (RFC 6455 5.5.1, 7.1.7), so which replies come is a race; Autobahn calls some of its outcomes non-strict. Such a case
    /// is run in both ways: with each reply awaited, where all must come, and without, where those that come must be the first ones, whole
    /// and in order.
    /// </summary>
    public bool IsRace { get; init; }
}
