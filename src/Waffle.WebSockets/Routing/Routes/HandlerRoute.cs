using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.Routing;

/// <summary>Hands on the payload to a handler of its own for each message, from a scope of its own.</summary>
internal sealed class HandlerRoute<T, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler> : Route
    where THandler : class, IMessageHandler<T>
{
    private readonly RoutePayload<T> _payload = new();
    private readonly HandlerActivator<THandler> _activator = new();

    public override bool NeedsServices => true;

    public override Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken) =>
        HandleAsync(client, _payload.Read(client, message), cancellationToken);

    private async Task HandleAsync(HubClient client, T message, CancellationToken cancellationToken)
    {
        var services = client.Hub.Services ?? throw MessageDispatcher.NoServices();
        await using var scope = services.CreateAsyncScope();
        await using var handler = _activator.Get(scope.ServiceProvider);
        await handler.Value.HandleAsync(client, message, cancellationToken);
    }
}
