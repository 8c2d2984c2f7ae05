using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Routing;

namespace Waffle.WebSockets;

/// <summary>Hands each message of a client to the handler of its type, one after another in the order of arrival.</summary>
/// <remarks>
/// <para>
/// A message that can't be understood, or whose handler throws, costs only itself: the sender gets an error reply with the message's id,
/// <c>{"type":"error","payload":{"code":…,"message":…},"id":…}</c>, and the connection stays. The code is that of a
/// <see cref="MessageRejectedException"/> or <see cref="MessageFormatException"/>, <c>text_expected</c> for a binary message, or <c>internal_error</c> for
/// any other exception, which is logged and never shown to the client.
/// </para>
/// <para>Handlers are added before the first message is routed; from then on the router is frozen, and safe to use from any thread.</para>
/// </remarks>
/// <example>
/// <code>
/// app.MapWebSocketHub("/ws", new MessageRouter()
///     .On&lt;RoomName&gt;("join_room", async (client, join, ct) => await client.JoinAsync(join.Room, ct)));
/// </code>
/// </example>
public sealed class MessageRouter
{
    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);
    private Route? _unknown;
    private RouteTable? _table;

    /// <summary>Handles the messages of a type as they are.</summary>
    /// <param name="type">The type, compared ordinally; 1 to 128 bytes in UTF-8.</param>
    /// <param name="handler">Called for each message. Its token fires when work for the client is in vain.</param>
    /// <exception cref="ArgumentException">The type is empty, too long, or has a handler already.</exception>
    /// <exception cref="InvalidOperationException">A message was routed already.</exception>
    public MessageRouter On(string type, Func<HubClient, TypedMessage, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, new MessageRoute(handler));
    }

    /// <summary>Handles the payloads of a type's messages, read with the hub's JSON options.</summary>
    /// <param name="type">The type, compared ordinally; 1 to 128 bytes in UTF-8.</param>
    /// <param name="handler">
    /// Called for each message. A payload that is no <typeparamref name="T"/>, or none where <typeparamref name="T"/> is a class, is answered with
    /// the error <c>invalid_payload</c>. Its token fires when work for the client is in vain.
    /// </param>
    /// <exception cref="ArgumentException">The type is empty, too long, or has a handler already.</exception>
    /// <exception cref="InvalidOperationException">A message was routed already.</exception>
    public MessageRouter On<T>(string type, Func<HubClient, T, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, new PayloadRoute<T>(handler));
    }

    /// <summary>Handles the messages of all other types. Without it they are ignored.</summary>
    /// <param name="handler">Called for each message.</param>
    /// <exception cref="InvalidOperationException">A message was routed already, or there is such a handler.</exception>
    public MessageRouter OnUnknown(Func<HubClient, TypedMessage, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ThrowIfFrozen();
        _unknown = _unknown is null ? new MessageRoute(handler) : throw new InvalidOperationException("OnUnknown was called already.");
        return this;
    }

    /// <summary>Routes one message. Completes when its handler has ended; throws nothing but the cancellation of <paramref name="cancellationToken"/>.</summary>
    /// <param name="client">Who sent it, and who gets an error reply.</param>
    /// <param name="utf8Json">The message, which must stay as it is until the call has completed.</param>
    /// <param name="cancellationToken">Handed to the handler.</param>
    public async Task RouteAsync(HubClient client, ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            await InvokeAsync(client, utf8Json, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (ConnectionClosedException) when (client.Connection.IsClosed)
        {
            // The handler found out that the client is gone: no fault, and nobody to tell.
        }
        catch (Exception error)
        {
            await ReplyAsync(client, utf8Json, error);
        }
    }

    /// <summary>Routes one message that is parsed already.</summary>
    /// <inheritdoc cref="RouteAsync(HubClient, ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task RouteAsync(HubClient client, TypedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return RouteAsync(client, message.ToUtf8Json(), cancellationToken);
    }

    /// <summary>Reads and routes all messages of a client until its connection has ended.</summary>
    /// <param name="client">The client; nobody else may read from its connection meanwhile.</param>
    /// <param name="cancellationToken">Ends the loop; the connection stays.</param>
    /// <returns>How the connection ended.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled while the connection was open.</exception>
    public async Task<CloseInfo> RunAsync(HubClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var connection = client.Connection;
        using var watch = new SlowHandlerWatch(
            client.Hub.Time, seconds => RouterLog.HandlerIsSlow(client.Hub.Logger, connection.Id, seconds));

        // Handlers are called off by the connection's end, whatever the caller's token is.
        using var either = cancellationToken.CanBeCanceled && cancellationToken != connection.Closed
            ? CancellationTokenSource.CreateLinkedTokenSource(connection.Closed, cancellationToken)
            : null;
        var handlersToken = either?.Token ?? connection.Closed;
        try
        {
            await foreach (var message in connection.ReadAllAsync(cancellationToken))
            {
                watch.Begin();
                await (message.Kind == MessageKind.Text
                    ? RouteAsync(client, message.Data, handlersToken)
                    : client.SendMessageAsync(ErrorReply.Create("text_expected", "Send messages as text.", id: null), default, handlersToken).AsTask());
                watch.End();
            }
        }
        catch (ConnectionClosedException)
        {
            // Told by what is returned.
        }
        catch (OperationCanceledException) when (connection.Completion.IsCompleted)
        {
            // The handler was called off because the connection is gone.
        }

        return await connection.Completion;
    }

    private MessageRouter Add(string type, Route route)
    {
        EnvelopeFormat.CheckName(type, nameof(type));
        ThrowIfFrozen();
        return _routes.TryAdd(type, route) ? this : throw new ArgumentException($"The type \"{type}\" has a handler already.", nameof(type));
    }

    private void ThrowIfFrozen()
    {
        if (_table is not null)
        {
            throw new InvalidOperationException("The router is in use; add all handlers before the first message.");
        }
    }

    private Task InvokeAsync(HubClient client, ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken)
    {
        _table ??= new RouteTable(_routes);
        var envelope = MessageEnvelopeReader.ReadMessage(utf8Json.Span);
        envelope.ThrowIfProblem();
        var route = _table.Find(envelope.Type) ?? _unknown;
        return route?.InvokeAsync(client, new InboundMessage(utf8Json, envelope.Payload), cancellationToken) ?? Task.CompletedTask;
    }

    private static async Task ReplyAsync(HubClient client, ReadOnlyMemory<byte> utf8Json, Exception error)
    {
        var (code, text, isFault) = error switch
        {
            MessageRejectedException rejected => (rejected.Code, rejected.Message, false),
            MessageFormatException malformed => (malformed.Code, malformed.Message, false),
            _ => ("internal_error", "The message could not be handled.", true),
        };
        if (isFault)
        {
            RouterLog.HandlerFailed(client.Hub.Logger, error, client.Connection.Id);
        }

        var id = MessageEnvelopeReader.ReadMessage(utf8Json.Span).GetIdText();
        await client.SendMessageAsync(ErrorReply.Create(code, text, id));
    }
}
