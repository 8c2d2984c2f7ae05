namespace Waffle.WebSockets.Testing;

/// <summary>The server answered a request with an error reply.</summary>
public sealed class ErrorReplyException : WebSocketTestException
{
    internal ErrorReplyException(string request, string code, string text)
        : base($"The server answered \"{request}\" with the error \"{code}\": {text}")
    {
        Code = code;
        Text = text;
    }

    /// <summary>The error's code, such as <c>invalid_payload</c>, or that of a <see cref="MessageRejectedException"/>.</summary>
    public string Code { get; }

    /// <summary>The error's message.</summary>
    public string Text { get; }
}
