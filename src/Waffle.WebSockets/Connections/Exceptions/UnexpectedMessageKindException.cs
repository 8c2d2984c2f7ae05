namespace Waffle.WebSockets;

/// <summary>A message of the other kind arrived than was asked for. The message is consumed; the connection stays usable.</summary>
public sealed class UnexpectedMessageKindException : WebSocketConnectionException
{
    /// <summary>Creates the exception.</summary>
    public UnexpectedMessageKindException(MessageKind expected, MessageKind actual)
        : base($"A {Name(expected)} message was expected, but the peer sent a {Name(actual)} one.")
    {
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The kind that was asked for.</summary>
    public MessageKind Expected { get; }

    /// <summary>The kind that arrived.</summary>
    public MessageKind Actual { get; }

    private static string Name(MessageKind kind) => kind == MessageKind.Text ? "text" : "binary";
}
