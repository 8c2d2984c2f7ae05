using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.Routing;

/// <summary>Gets handlers from a scope: the registered one, or else one made with the scope's services.</summary>
internal sealed class HandlerActivator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>
    where THandler : class
{
    private ObjectFactory<THandler>? _factory;

    /// <summary>A handler, to be disposed by whoever got it. One that is registered is the scope's to dispose.</summary>
    public Lease Get(IServiceProvider services)
    {
        if (services.GetService<THandler>() is { } registered)
        {
            return new Lease(registered, isOwned: false);
        }

        var factory = _factory ??= ActivatorUtilities.CreateFactory<THandler>([]);
        return new Lease(factory(services, []), isOwned: true);
    }

    public readonly struct Lease(THandler value, bool isOwned) : IAsyncDisposable
    {
        public THandler Value { get; } = value;

        public ValueTask DisposeAsync()
        {
            if (isOwned && Value is IAsyncDisposable asynchronous)
            {
                return asynchronous.DisposeAsync();
            }

            if (isOwned && Value is IDisposable disposable)
            {
                disposable.Dispose();
            }

            return default;
        }
    }
}
