namespace Waffle.WebSockets.Testing;

/// <summary>What a test expected of a server did not happen, or something else did; the text says what was seen.</summary>
public class WebSocketTestException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was seen.</param>
    /// <param name="innerException">What is behind it.</param>
    public WebSocketTestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
