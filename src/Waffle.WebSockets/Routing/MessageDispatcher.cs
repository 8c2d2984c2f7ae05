using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Routing;

/// <summary>A router in use: what is done with one message, from the filters to its handler, or to the reply about its failure.</summary>
internal sealed class MessageDispatcher
{
    private readonly RouteTable _routes;
    private readonly Route? _unknown;
    private readonly Func<MessageContext, Exception, ValueTask<bool>>? _onError;
    private readonly Func<MessageContext, Task>? _filters;

    public MessageDispatcher(
        IReadOnlyDictionary<string, Route> routes,
        Route? unknown,
        IReadOnlyList<Func<MessageContext, Func<MessageContext, Task>, Task>> filters,
        Func<MessageContext, Exception, ValueTask<bool>>? onError)
    {
        _routes = new RouteTable(routes);
        _unknown = unknown;
        _onError = onError;
        HasParallelRoutes = routes.Values.Any(static route => route.MaxConcurrency > 1);
        NeedsServices = routes.Values.Any(static route => route.NeedsServices);
        for (var i = filters.Count - 1; i >= 0; i--)
        {
            var filter = filters[i];
            var next = _filters ?? InvokeRouteAsync;

            // Async, so that a filter finds all that is thrown behind it in the task that it gets.
            _filters = async context => await filter(context, next);
        }
    }

    /// <summary>Whether any type's messages may be handled beside each other.</summary>
    public bool HasParallelRoutes { get; }

    /// <summary>Whether any handler comes from the hub's services.</summary>
    public bool NeedsServices { get; }

    /// <exception cref="UnexpectedMessageKindException">The kind is binary.</exception>
    public static void ThrowIfNotText(MessageKind kind)
    {
        if (kind != MessageKind.Text)
        {
            throw new UnexpectedMessageKindException(MessageKind.Text, kind);
        }
    }

    public static InvalidOperationException NoServices() => new(
        "A handler is to come from dependency injection, but the hub has no services. Register the hub by AddWebSocketHub, or pass services to its constructor.");

    /// <summary>The route of a message that may be handled beside others; otherwise <see langword="null"/>.</summary>
    public Route? FindParallel(MessageKind kind, ReadOnlySpan<byte> utf8Json)
    {
        if (!HasParallelRoutes || kind != MessageKind.Text)
        {
            return null;
        }

        var envelope = MessageEnvelopeReader.ReadMessage(utf8Json);
        return envelope.Problem is null && _routes.Find(envelope.Type) is { MaxConcurrency: > 1 } route ? route : null;
    }

    /// <summary>Handles one message. Throws nothing but the cancellation of <paramref name="cancellationToken"/>.</summary>
    public async Task DispatchAsync(HubClient client, MessageKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        MessageContext? context = null;
        try
        {
            if (_filters is null)
            {
                await InvokeRouteAsync(client, kind, data, cancellationToken);
                return;
            }

            await _filters(context = new MessageContext(client, kind, data, cancellationToken));
            if (context.IsMalformed)
            {
                // A filter has kept it to itself. It counts all the same.
                MayBeMalformed(context);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (ConnectionClosedException end) when (client.Connection.HasEndedBy(end))
        {
            // The handler found out that the client is gone: no fault, and nobody to tell.
        }
        catch (Exception error)
        {
            await AnswerAsync(context ?? new MessageContext(client, kind, data, cancellationToken), error);
        }
    }

    private async Task InvokeRouteAsync(MessageContext context)
    {
        context.IsUnderstood = false;
        await InvokeRouteAsync(context.Client, context.Kind, context.Data, context.CancellationToken, context);
    }

    private Task InvokeRouteAsync(
        HubClient client, MessageKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken, MessageContext? context = null)
    {
        ThrowIfNotText(kind);
        var envelope = MessageEnvelopeReader.ReadMessage(data.Span);
        envelope.ThrowIfProblem();
        context?.IsUnderstood = true;
        var route = _routes.Find(envelope.Type) ?? _unknown;
        if (route is null)
        {
            client.Hub.Metrics.MessageIgnored();
            RouterLog.MessageIgnored(client.Hub.Logger, client.Connection.Id);
            return Task.CompletedTask;
        }

        return route.InvokeAsync(client, new InboundMessage(data, envelope.Payload), cancellationToken);
    }

    private async Task AnswerAsync(MessageContext context, Exception error)
    {
        var client = context.Client;

        // A filter may take binary messages: what else it throws is its own affair.
        var isMalformed = context.IsMalformed || (context.Kind == MessageKind.Binary && error is UnexpectedMessageKindException);
        if (isMalformed && !MayBeMalformed(context))
        {
            return;
        }

        try
        {
            if (_onError is not null && await _onError(context, error))
            {
                return;
            }
        }
        catch (Exception hooksError) when (IsCalledOff(hooksError, context))
        {
            // The client is gone: no fault of the hook's.
        }
        catch (Exception hooksError)
        {
            RouterLog.ErrorHandlerFailed(client.Hub.Logger, hooksError, client.Connection.Id);
        }

        var (code, text, isFault) = ErrorReply.Describe(error);
        if (isFault)
        {
            RouterLog.HandlerFailed(client.Hub.Logger, error, client.Connection.Id);
        }

        await client.SendErrorAsync(code, text, context.Id, default, CancellationToken.None);
    }

    // A message that could not be understood: counted, and the end of its sender's connection if there were too many.
    private static bool MayBeMalformed(MessageContext context)
    {
        var client = context.Client;
        EnvelopeLimits.Count(client.Hub.Hits, context.Problem);
        if (client.Malformed.TryAdd(out var isFirstTooMany))
        {
            return true;
        }

        if (isFirstTooMany)
        {
            client.Connection.BeginClose(CloseCode.PolicyViolation, "Too many messages could not be understood.", CloseCause.RateLimited);
            client.Hub.Hits.Add(Limits.MaxMalformedMessages, client.Hub.Options.MaxMalformedMessages);
        }

        return false;
    }

    private static bool IsCalledOff(Exception error, MessageContext context) => error switch
    {
        OperationCanceledException => context.CancellationToken.IsCancellationRequested,
        ConnectionClosedException end => context.Client.Connection.HasEndedBy(end),
        _ => false,
    };
}
