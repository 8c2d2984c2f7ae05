namespace Waffle.WebSockets;

/// <summary>The connection ended because the peer broke a rule of the protocol or a limit.</summary>
public sealed class WebSocketProtocolException : ConnectionClosedException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="close">How the connection ended.</param>
    /// <param name="section">Where the broken rule stands, such as <c>RFC 6455 5.5</c>.</param>
    public WebSocketProtocolException(CloseInfo close, string section)
        : base(close, $"The peer broke {section}: {close?.Reason} The connection was closed with code {(ushort)(close?.Code ?? 0)}.") =>
        Section = section;

    /// <summary>The code that the connection was closed with.</summary>
    public CloseCode Code => Close.Code;

    /// <summary>Where the broken rule stands, such as <c>RFC 6455 5.5</c>.</summary>
    public string Section { get; }
}
