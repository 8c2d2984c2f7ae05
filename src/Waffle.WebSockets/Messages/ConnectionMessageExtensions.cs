using System.Runtime.CompilerServices;
using System.Text.Json;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets;

/// <summary>JSON on a connection: bare values and typed messages.</summary>
public static class ConnectionMessageExtensions
{
    /// <summary>Reads the next message, which must be text, as a JSON value.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">How to read it; <see langword="null"/>: the web's defaults.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MessageFormatException">It is no JSON, or not a <typeparamref name="T"/>. The connection stays usable.</exception>
    /// <exception cref="UnexpectedMessageKindException">It was binary. The connection stays usable.</exception>
    /// <exception cref="ConnectionClosedException">The connection has ended and every message before that was read.</exception>
    public static async ValueTask<T?> ReadJsonAsync<T>(
        this WebSocketConnection connection, JsonSerializerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var message = await ReadTextMessageAsync(connection, cancellationToken);
        return PayloadReader.ReadValue(message.Data.Span, MessageJsonDefaults.GetTypeInfo<T>(options), messageType: null, messageId: null);
    }

    /// <summary>Reads the next message, which must be text, as a typed message.</summary>
    /// <exception cref="MessageFormatException">It is no typed message. The connection stays usable.</exception>
    /// <exception cref="UnexpectedMessageKindException">It was binary. The connection stays usable.</exception>
    /// <exception cref="ConnectionClosedException">The connection has ended and every message before that was read.</exception>
    public static async ValueTask<TypedMessage> ReadMessageAsync(
        this WebSocketConnection connection, CancellationToken cancellationToken = default) =>
        Parse(connection, await ReadTextMessageAsync(connection, cancellationToken));

    /// <summary>Reads all messages as typed messages. Ends with the closing handshake; any other end throws, and so does a bad message.</summary>
    /// <inheritdoc cref="ReadMessageAsync" path="/exception"/>
    public static async IAsyncEnumerable<TypedMessage> ReadAllMessagesAsync(
        this WebSocketConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            yield return Parse(connection, ExpectText(message));
        }
    }

    /// <summary>Sends a value as bare JSON; waits for room as <see cref="WebSocketConnection.WriteAsync"/> does.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">How to write it; <see langword="null"/>: the web's defaults.</param>
    /// <param name="cancellationToken">Ends the wait for room; the message is then not sent.</param>
    /// <exception cref="JsonException">The value can't be serialised; nothing was sent.</exception>
    /// <exception cref="NotSupportedException">Its type is not known to the serialiser; nothing was sent.</exception>
    public static ValueTask<SendStatus> WriteJsonAsync<T>(
        this WebSocketConnection connection, T value, JsonSerializerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.SendAsync(JsonFrame.Value(value, options), QueueFullPolicy.Wait, key: null, cancellationToken);
    }

    /// <summary>Sends a typed message; waits for room as <see cref="WebSocketConnection.WriteAsync"/> does.</summary>
    public static ValueTask<SendStatus> WriteMessageAsync(
        this WebSocketConnection connection, TypedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.SendAsync(JsonFrame.Message(message), QueueFullPolicy.Wait, key: null, cancellationToken);
    }

    private static async ValueTask<ReceivedMessage> ReadTextMessageAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return ExpectText(await connection.ReadAsync(cancellationToken));
    }

    private static TypedMessage Parse(WebSocketConnection connection, ReceivedMessage message)
    {
        try
        {
            return TypedMessage.Parse(message.Data);
        }
        catch (MessageFormatException error)
        {
            EnvelopeLimits.Count(connection.Hits, error.Problem);
            throw;
        }
    }

    private static ReceivedMessage ExpectText(ReceivedMessage message) => message.Kind == MessageKind.Text
        ? message
        : throw new UnexpectedMessageKindException(MessageKind.Text, message.Kind);
}
