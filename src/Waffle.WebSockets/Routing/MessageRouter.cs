using System.Diagnostics.CodeAnalysis;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Routing;

namespace Waffle.WebSockets;

/// <summary>Hands each message of a client to the handler of its type, one after another in the order of arrival.</summary>
/// <remarks>
/// <para>
/// A message that can't be understood, or whose handler throws, costs only itself: the sender gets an error reply with the message's id,
/// <c>{"type":"error","payload":{"code":…,"message":…},"id":…}</c>, and the connection stays. The code is that of a
/// <see cref="MessageRejectedException"/> or <see cref="MessageFormatException"/>, <c>text_expected</c> for a binary message, <c>room_not_found</c> or
/// <c>client_not_found</c> for a handler that asked in vain, or <c>internal_error</c> for any other exception, which is logged and never shown to the client. <see cref="OnError"/> changes that.
/// A client that sends more than <see cref="WebSocketHubOptions.MaxMalformedMessages"/> which can't be understood within 10 s is closed with 1008.
/// </para>
/// <para>
/// A message of a type without handler goes to <see cref="OnUnknown"/>; without that it is ignored, logged at Debug, and counted by the metric
/// <c>waffle.websockets.messages.ignored</c>.
/// </para>
/// <para>All is added before the first client or message comes; from then on the router is frozen, and safe to use from any thread, for any number of clients.</para>
/// </remarks>
/// <example>
/// <code>
/// app.MapWebSocketHub("/ws", new MessageRouter()
///     .On&lt;RoomName&gt;("join_room", async (client, join, ct) => await client.JoinAsync(join.Room, ct))
///     .OnRequest&lt;RoomName, int&gt;("count", (client, room, ct) => Task.FromResult(client.Hub.Room(room.Room).Count)));
///
/// record RoomName(string Room);
/// </code>
/// </example>
public sealed class MessageRouter
{
    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);
    private readonly List<Func<MessageContext, Func<MessageContext, Task>, Task>> _filters = [];
    private Route? _unknown;
    private Func<MessageContext, Exception, ValueTask<bool>>? _onError;
    private MessageDispatcher? _dispatcher;

    private MessageDispatcher Dispatcher =>
        _dispatcher ?? Interlocked.CompareExchange(ref _dispatcher, new MessageDispatcher(_routes, _unknown, _filters, _onError), null) ?? _dispatcher;

    /// <summary>Handles the messages of a type as they are.</summary>
    /// <param name="type">The type, compared ordinally; 1 to 128 bytes in UTF-8.</param>
    /// <param name="handler">Called for each message. Its token fires when work for the client is no longer needed.</param>
    /// <param name="options">How the type's messages are handled; <see langword="null"/>: one after another.</param>
    /// <exception cref="ArgumentException">The type is empty, too long, or has a handler already.</exception>
    /// <exception cref="InvalidOperationException">The router is in use already.</exception>
    public MessageRouter On(string type, Func<HubClient, TypedMessage, CancellationToken, Task> handler, MessageRouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, new MessageRoute(handler), options);
    }

    /// <summary>Handles the payloads of a type's messages, read with the hub's JSON options.</summary>
    /// <param name="type">The type, compared ordinally; 1 to 128 bytes in UTF-8.</param>
    /// <param name="handler">
    /// Called for each message. A payload that is no <typeparamref name="T"/>, or none where <typeparamref name="T"/> is a class, is answered with
    /// the error <c>invalid_payload</c>. Its token fires when work for the client is no longer needed.
    /// </param>
    /// <param name="options">How the type's messages are handled; <see langword="null"/>: one after another.</param>
    /// <typeparam name="T">What the payload is read as.</typeparam>
    /// <inheritdoc cref="On(string, Func{HubClient, TypedMessage, CancellationToken, Task}, MessageRouteOptions?)" path="/exception"/>
    public MessageRouter On<T>(string type, Func<HubClient, T, CancellationToken, Task> handler, MessageRouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, new PayloadRoute<T>(handler), options);
    }

    /// <summary>Handles the payloads of a type's messages in a class, made anew for each message in a scope of services of its own.</summary>
    /// <param name="type">The type, compared ordinally; 1 to 128 bytes in UTF-8.</param>
    /// <param name="options">How the type's messages are handled; <see langword="null"/>: one after another.</param>
    /// <typeparam name="T">What the payload is read as.</typeparam>
    /// <typeparam name="THandler">
    /// The class. If it is registered as a service that one is used; otherwise its constructor's parameters are services, and it is disposed after the
    /// message if it is disposable.
    /// </typeparam>
    /// <inheritdoc cref="On(string, Func{HubClient, TypedMessage, CancellationToken, Task}, MessageRouteOptions?)" path="/exception"/>
    public MessageRouter On<T, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string type, MessageRouteOptions? options = null)
        where THandler : class, IMessageHandler<T> =>
        Add(type, new HandlerRoute<T, THandler>(), options);

    /// <summary>Answers the messages of a type: what the handler returns is sent to the sender as a message of the same type with the same id.</summary>
    /// <param name="type">The type, compared ordinally; 1 to 128 bytes in UTF-8.</param>
    /// <param name="handler">Called for each message; see <see cref="On{T}(string, Func{HubClient, T, CancellationToken, Task}, MessageRouteOptions?)"/>.</param>
    /// <param name="options">How the type's messages are handled; <see langword="null"/>: one after another.</param>
    /// <typeparam name="TRequest">What the payload is read as.</typeparam>
    /// <typeparam name="TReply">The reply's payload.</typeparam>
    /// <inheritdoc cref="On(string, Func{HubClient, TypedMessage, CancellationToken, Task}, MessageRouteOptions?)" path="/exception"/>
    public MessageRouter OnRequest<TRequest, TReply>(
        string type, Func<HubClient, TRequest, CancellationToken, Task<TReply>> handler, MessageRouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, new RequestRoute<TRequest, TReply>(type, handler), options);
    }

    /// <summary>Answers the messages of a type that ask without saying more: a payload, whatever it is, is not looked at.</summary>
    /// <param name="type">The type, compared ordinally; 1 to 128 bytes in UTF-8.</param>
    /// <param name="handler">Called for each message. Its token fires when work for the client is no longer needed.</param>
    /// <param name="options">How the type's messages are handled; <see langword="null"/>: one after another.</param>
    /// <typeparam name="TReply">The reply's payload.</typeparam>
    /// <inheritdoc cref="On(string, Func{HubClient, TypedMessage, CancellationToken, Task}, MessageRouteOptions?)" path="/exception"/>
    public MessageRouter OnRequest<TReply>(
        string type, Func<HubClient, CancellationToken, Task<TReply>> handler, MessageRouteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(type, new RequestRoute<RawJson, TReply>(type, (client, _, cancellationToken) => handler(client, cancellationToken)), options);
    }

    /// <summary>Handles the messages of all other types. Without it they are ignored.</summary>
    /// <param name="handler">Called for each message.</param>
    /// <exception cref="InvalidOperationException">The router is in use already, or there is such a handler.</exception>
    public MessageRouter OnUnknown(Func<HubClient, TypedMessage, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ThrowIfFrozen();
        _unknown = _unknown is null ? new MessageRoute(handler) : throw new InvalidOperationException("OnUnknown was called already.");
        return this;
    }

    /// <summary>Hears of each message that can't be understood, was refused, or whose handler threw, before the sender is told.</summary>
    /// <param name="handler">
    /// Gets the message and the exception. <see langword="true"/>: the application has done all that is to be done; <see langword="false"/>: the sender gets
    /// the usual reply, and a fault is logged. If it throws, that is logged and the usual reply sent.
    /// </param>
    /// <exception cref="InvalidOperationException">The router is in use already, or there is such a handler.</exception>
    public MessageRouter OnError(Func<MessageContext, Exception, ValueTask<bool>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ThrowIfFrozen();
        _onError = _onError is null ? handler : throw new InvalidOperationException("OnError was called already.");
        return this;
    }

    /// <summary>
    /// Adds a filter that sees every message before it is routed, whatever it is: also binary, malformed and of unknown type. For limits, authorization,
    /// logging. Filters run in the order in which they were added.
    /// </summary>
    /// <param name="filter">
    /// Gets the message, and what comes next: the following filter, at last the message's handler. It goes on by calling that, or drops the message by not
    /// calling it. To refuse a message with an error reply, throw <see cref="MessageRejectedException"/>.
    /// </param>
    /// <exception cref="InvalidOperationException">The router is in use already.</exception>
    public MessageRouter Use(Func<MessageContext, Func<MessageContext, Task>, Task> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ThrowIfFrozen();
        _filters.Add(filter);
        return this;
    }

    /// <summary>Routes one message. Completes when its handler has ended; throws nothing but the cancellation of <paramref name="cancellationToken"/>.</summary>
    /// <param name="client">Who sent it, and who gets an error reply.</param>
    /// <param name="utf8Json">The message, which must stay as it is until the call has completed.</param>
    /// <param name="cancellationToken">Handed to the handler.</param>
    public Task RouteAsync(HubClient client, ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Dispatcher.DispatchAsync(client, MessageKind.Text, utf8Json, cancellationToken);
    }

    /// <summary>Routes one message that is parsed already.</summary>
    /// <inheritdoc cref="RouteAsync(HubClient, ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task RouteAsync(HubClient client, TypedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return RouteAsync(client, message.ToUtf8Json(), cancellationToken);
    }

    /// <summary>Reads and routes all messages of a client until its connection has ended and their handlers, too.</summary>
    /// <param name="client">The client. Nobody else may read from its connection meanwhile, nor may a handler: that throws <see cref="InvalidOperationException"/>.</param>
    /// <param name="cancellationToken">Ends the loop; the connection stays.</param>
    /// <returns>How the connection ended.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled while the connection was open.</exception>
    /// <exception cref="InvalidOperationException">
    /// A handler is to come from dependency injection, and the hub has no services. Or the connection is read already, by a router or otherwise.
    /// </exception>
    public async Task<CloseInfo> RunAsync(HubClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (Dispatcher.NeedsServices && client.Hub.Services is null)
        {
            throw MessageDispatcher.NoServices();
        }

        // Handlers are called off by the connection's end, whatever the caller's token is.
        var connection = client.Connection;
        using var either = cancellationToken.CanBeCanceled && cancellationToken != connection.Closed
            ? CancellationTokenSource.CreateLinkedTokenSource(connection.Closed, cancellationToken)
            : null;
        try
        {
            await new ClientRun(client, Dispatcher, either?.Token ?? connection.Closed).RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (connection.Completion.IsCompleted)
        {
            // Called off because the connection is gone.
        }

        return await connection.Completion;
    }

    private MessageRouter Add(string type, Route route, MessageRouteOptions? options)
    {
        EnvelopeFormat.CheckName(type, nameof(type));
        ThrowIfFrozen();
        if (options is { MaxConcurrency: > 1 })
        {
            route = new ParallelRoute(route) { MaxConcurrency = options.MaxConcurrency };
        }

        return _routes.TryAdd(type, route) ? this : throw new ArgumentException($"The type \"{type}\" has a handler already.", nameof(type));
    }

    private void ThrowIfFrozen()
    {
        if (_dispatcher is not null)
        {
            throw new InvalidOperationException("The router is in use; add all handlers before the first client comes.");
        }
    }
}
