using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets;

/// <summary>A message or an event could not be understood, or its payload is not what the reader asked for.</summary>
/// <remarks>
/// Only this message is lost: the connection stays usable. <see cref="Exception.Message"/> is a fixed sentence for each
/// <see cref="Problem"/> and never holds anything the peer sent. The inner exception, where there is one, comes from the
/// JSON serializer and may name a path in the payload: do not send it to a peer.
/// </remarks>
/// <example>
/// <code>
/// try
/// {
///     var message = await connection.ReadMessageAsync(ct);
/// }
/// catch (MessageFormatException error)
/// {
///     await connection.WriteMessageAsync(TypedMessage.Create("error", new { code = error.Code, message = error.Message }, error.MessageId), ct);
/// }
/// </code>
/// </example>
public sealed class MessageFormatException : WebSocketConnectionException
{
    /// <summary>Creates the exception for a problem.</summary>
    /// <param name="problem">What was wrong.</param>
    /// <param name="messageType">The type of the message or the name of the event, if it could be read.</param>
    /// <param name="messageId">The id of the message, if it had one that could be read.</param>
    /// <param name="innerException">The error of the JSON serializer, if it found the problem.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="problem"/> is not a value of its enumeration.</exception>
    public MessageFormatException(
        MessageProblem problem, string? messageType = null, string? messageId = null, Exception? innerException = null)
        : base(MessageProblemText.GetSentence(problem), innerException)
    {
        Problem = problem;
        MessageType = messageType;
        MessageId = messageId;
    }

    /// <summary>What was wrong.</summary>
    public MessageProblem Problem { get; }

    /// <summary>The problem as a stable lower-case code, such as <c>invalid_json</c>: made to be sent in an error reply.</summary>
    public string Code => MessageProblemText.GetCode(Problem);

    /// <summary>The type of the message, or the name of the event; null when it could not be read.</summary>
    /// <remarks>It was chosen by the peer: at most 128 bytes of UTF-8, but any characters.</remarks>
    public string? MessageType { get; }

    /// <summary>The id of the message, so that an error reply can carry it; null when there was none, or it could not be read.</summary>
    /// <remarks>It was chosen by the peer: at most 128 bytes of UTF-8, but any characters.</remarks>
    public string? MessageId { get; }
}
