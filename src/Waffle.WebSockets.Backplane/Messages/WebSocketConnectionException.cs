namespace Waffle.WebSockets;

/// <summary>The base of all exceptions that tell what went wrong with a connection or a message on it.</summary>
public class WebSocketConnectionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public WebSocketConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
