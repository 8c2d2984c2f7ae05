using System.Globalization;
using System.Text.Json;

namespace Waffle.WebSockets.Testing;

/// <summary>JSON, messages with a type and events, for test clients. Payloads are read and written as the application does.</summary>
/// <remarks>
/// What is received by a type or a name is taken from where it stands: what came before it stays, and can be received later.
/// </remarks>
public static class WebSocketTestClientMessageExtensions
{
    private static long _requests;

    /// <summary>Sends a value as bare JSON.</summary>
    /// <param name="client">The client.</param>
    /// <param name="value">The value, an object of an anonymous type, too.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    public static Task SendJsonAsync(this WebSocketTestClient client, object? value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.SendTextAsync(JsonSerializer.Serialize(value, client.Json), cancellationToken);
    }

    /// <summary>Sends a message.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    public static Task SendMessageAsync(
        this WebSocketTestClient client, TypedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(message);
        return client.SendFrameAsync(Frames.Opcodes.Text, message.ToUtf8Json(), isFinal: true, cancellationToken);
    }

    /// <summary>Sends a message without a payload.</summary>
    /// <inheritdoc cref="SendMessageAsync(WebSocketTestClient, TypedMessage, CancellationToken)"/>
    public static Task SendMessageAsync(this WebSocketTestClient client, string type, CancellationToken cancellationToken = default) =>
        client.SendMessageAsync(new TypedMessage(type), cancellationToken);

    /// <summary>Sends a message.</summary>
    /// <param name="client">The client.</param>
    /// <param name="type">Its type.</param>
    /// <param name="payload">Its payload, an object of an anonymous type, too.</param>
    /// <param name="id">Its id; <see langword="null"/>: none.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    public static Task SendMessageAsync(
        this WebSocketTestClient client, string type, object? payload, string? id = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.SendMessageAsync(new TypedMessage(type, RawJson.From(payload, client.Json), id), cancellationToken);
    }

    /// <summary>Sends a request without a payload, and receives its reply.</summary>
    /// <inheritdoc cref="RequestAsync{TReply}(WebSocketTestClient, string, object?, CancellationToken)"/>
    public static Task<TReply> RequestAsync<TReply>(
        this WebSocketTestClient client, string type, CancellationToken cancellationToken = default) =>
        client.RequestAsync<TReply>(id => new TypedMessage(type, id: id), cancellationToken);

    /// <summary>Sends a request with an id of its own, and receives the reply with this id.</summary>
    /// <param name="client">The client.</param>
    /// <param name="type">The request's type.</param>
    /// <param name="payload">Its payload, an object of an anonymous type, too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <typeparam name="TReply">What the reply's payload is read as.</typeparam>
    /// <exception cref="ErrorReplyException">The reply is an error.</exception>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    /// <exception cref="WebSocketTestException">No reply came, or one that is no <typeparamref name="TReply"/>.</exception>
    public static Task<TReply> RequestAsync<TReply>(
        this WebSocketTestClient client, string type, object? payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RequestAsync<TReply>(id => new TypedMessage(type, RawJson.From(payload, client.Json), id), cancellationToken);
    }

    /// <summary>Receives the next message as JSON, whatever it is.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, and all that came before was received.</exception>
    /// <exception cref="WebSocketTestException">None came, or one that is no <typeparamref name="T"/>.</exception>
    public static async Task<T> ReceiveJsonAsync<T>(this WebSocketTestClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var message = await client.ReceiveAsync(cancellationToken);
        return client.Read(() => message.ReadJson<T>(client.Json), message);
    }

    /// <summary>Receives the first message that has a type.</summary>
    /// <inheritdoc cref="ReceiveMessageAsync(WebSocketTestClient, string, CancellationToken)" path="/exception"/>
    public static async Task<TypedMessage> ReceiveMessageAsync(
        this WebSocketTestClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return (await client.ReceiveAsync("message with a type", static message => message.Typed is not null, cancellationToken)).Typed!;
    }

    /// <summary>Receives the first message of a type.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, and no such message came before.</exception>
    /// <exception cref="WebSocketTestException">None came.</exception>
    public static async Task<TypedMessage> ReceiveMessageAsync(
        this WebSocketTestClient client, string type, CancellationToken cancellationToken = default) =>
        (await ReceiveTypedAsync(client, type, cancellationToken)).Typed!;

    /// <summary>Receives the payload of the first message of a type.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, and no such message came before.</exception>
    /// <exception cref="WebSocketTestException">None came, or one whose payload is no <typeparamref name="T"/>.</exception>
    public static async Task<T> ReceiveMessageAsync<T>(
        this WebSocketTestClient client, string type, CancellationToken cancellationToken = default)
    {
        var message = await ReceiveTypedAsync(client, type, cancellationToken);
        return client.Read(() => message.Typed!.GetPayload<T>(client.Json), message);
    }

    /// <summary>Receives the first event.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, and no event came before.</exception>
    /// <exception cref="WebSocketTestException">None came.</exception>
    public static async Task<NamedEvent> ReceiveEventAsync(this WebSocketTestClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return (await client.ReceiveAsync("event", static message => message.Event is not null, cancellationToken)).Event!;
    }

    /// <summary>Receives the first event of a name.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, and no such event came before.</exception>
    /// <exception cref="WebSocketTestException">None came.</exception>
    public static async Task<NamedEvent> ReceiveEventAsync(
        this WebSocketTestClient client, string name, CancellationToken cancellationToken = default) =>
        (await ReceiveNamedAsync(client, name, cancellationToken)).Event!;

    /// <summary>Receives the data of the first event of a name.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended, and no such event came before.</exception>
    /// <exception cref="WebSocketTestException">None came, or one whose data are no <typeparamref name="T"/>.</exception>
    public static async Task<T> ReceiveEventAsync<T>(
        this WebSocketTestClient client, string name, CancellationToken cancellationToken = default)
    {
        var message = await ReceiveNamedAsync(client, name, cancellationToken);
        return client.Read(() => message.Event!.GetData<T>(client.Json), message);
    }

    private static Task<WebSocketTestMessage> ReceiveTypedAsync(
        WebSocketTestClient client, string type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(type);
        return client.ReceiveAsync($"message of the type \"{type}\"", message => message.Typed?.Type == type, cancellationToken);
    }

    private static Task<WebSocketTestMessage> ReceiveNamedAsync(
        WebSocketTestClient client, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(name);
        return client.ReceiveAsync($"event of the name \"{name}\"", message => message.Event?.Name == name, cancellationToken);
    }

    private static async Task<TReply> RequestAsync<TReply>(
        this WebSocketTestClient client, Func<string, TypedMessage> create, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var id = Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture);
        var request = create(id);
        await client.SendMessageAsync(request, cancellationToken);
        var message = await client.ReceiveAsync($"reply to \"{request.Type}\"", message => message.Typed?.Id == id, cancellationToken);
        var reply = message.Typed!;
        if (reply.Type == ErrorReply.Type && request.Type != ErrorReply.Type)
        {
            var error = client.Read(() => reply.GetPayload<ErrorReply>(JsonSerializerOptions.Web), message);
            throw new ErrorReplyException(request.Type, error.Code, error.Message);
        }

        return client.Read(() => reply.GetPayload<TReply>(client.Json), message);
    }

    private static T Read<T>(this WebSocketTestClient client, Func<T?> read, WebSocketTestMessage message)
    {
        try
        {
            return read() is { } value ? value : throw client.Fail($"This has no {typeof(T).Name}: {message}");
        }
        catch (Exception error) when (error is JsonException or MessageFormatException or UnexpectedMessageKindException)
        {
            throw client.Fail($"This is no {typeof(T).Name}: {message}\n{error.Message}");
        }
    }

    private sealed record ErrorReply(string Code, string Message)
    {
        public const string Type = "error";
    }
}
