namespace Waffle.WebSockets;

/// <summary>The connection has ended; <see cref="Close"/> tells how. Nothing more can be read or sent on it.</summary>
/// <example>
/// <code>
/// try
/// {
///     var message = await connection.ReadTextAsync(ct);
/// }
/// catch (ConnectionClosedException error) when (error.Close.Cause == CloseCause.PongTimeout)
/// {
///     Console.WriteLine("The client has vanished.");
/// }
/// </code>
/// </example>
public class ConnectionClosedException : WebSocketConnectionException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="close">How the connection ended.</param>
    public ConnectionClosedException(CloseInfo close)
        : this(close, Describe(close))
    {
    }

    private protected ConnectionClosedException(CloseInfo close, string message)
        : base(message, close.Error) => Close = close;

    /// <summary>How the connection ended.</summary>
    public CloseInfo Close { get; }

    private static string Describe(CloseInfo close)
    {
        ArgumentNullException.ThrowIfNull(close);
        var reason = close.Reason.Length > 0 ? $" \"{close.Reason}\"" : string.Empty;
        return $"The connection is closed: {close.Cause}, code {(ushort)close.Code}{reason}.";
    }
}
