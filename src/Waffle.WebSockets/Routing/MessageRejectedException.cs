namespace Waffle.WebSockets;

/// <summary>Thrown by a message handler or filter to refuse a message: the router answers the sender with an error reply that carries code and text.</summary>
/// <example>
/// <code>
/// router.On("post", (client, message, ct) => client.IsIn("tea")
///     ? Task.CompletedTask
///     : throw new MessageRejectedException("not_a_member", "Join tea first."));
/// </code>
/// </example>
public sealed class MessageRejectedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">A stable name that the client's code can act on, such as <c>not_a_member</c>.</param>
    /// <param name="message">A sentence for people. The client sees it.</param>
    /// <exception cref="ArgumentException"><paramref name="code"/> is empty.</exception>
    public MessageRejectedException(string code, string message)
        : base(message)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        Code = code;
    }

    /// <summary>A stable name that the client's code can act on.</summary>
    public string Code { get; }
}
