using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Waffle.WebSockets;
using Waffle.WebSockets.AspNetCore;

// Found without a using, as all Add… methods are.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the drain.</summary>
public static class WebSocketDrainServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="WebSocketDrain"/> as a singleton, and has the host wait for it before its services are stopped. <c>AddWebSocketHub</c> does so, too.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets its options; checked when the application starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddWebSocketDrain(this IServiceCollection services, Action<WebSocketDrainOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebSocketDrainOptions>, DrainOptionsRules>());
        var options = services.AddOptions<WebSocketDrainOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(static provider => EndpointApplication.For(provider).Drain);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DrainService>());
        return services;
    }
}
