using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Waffle.WebSockets;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Hubs;

// Found without a using, as all Add… methods are.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers hubs.</summary>
public static class WebSocketHubServiceCollectionExtensions
{
    /// <summary>Registers the application's hub as a singleton <see cref="WebSocketHub"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets its options; checked when the application starts.</param>
    public static IWebSocketHubBuilder AddWebSocketHub(this IServiceCollection services, Action<WebSocketHubOptions>? configure = null) =>
        Add(services, key: null, configure);

    /// <summary>Registers one of several hubs as a keyed singleton <see cref="WebSocketHub"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="key">The key; inject with <c>[FromKeyedServices(key)]</c>.</param>
    /// <param name="configure">Sets its options; checked when the application starts.</param>
    public static IWebSocketHubBuilder AddWebSocketHub(
        this IServiceCollection services, string key, Action<WebSocketHubOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add(services, key, configure);
    }

    /// <summary>Registers the application's hub, with its callbacks in a class that is created by dependency injection, as a singleton.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets its options; the class's callbacks are set before.</param>
    /// <typeparam name="TEvents">The class. It may take the hub itself, and is created when the hub's first endpoint is mapped.</typeparam>
    public static IWebSocketHubBuilder AddWebSocketHub<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TEvents>(
        this IServiceCollection services, Action<WebSocketHubOptions>? configure = null)
        where TEvents : class, IHubEvents
    {
        ArgumentNullException.ThrowIfNull(services);
        AddEvents<TEvents>(services, key: null);
        return Add(services, key: null, configure);
    }

    /// <summary>Registers one of several hubs, with its callbacks in a class that is created by dependency injection, as a singleton.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="key">The key; inject the hub with <c>[FromKeyedServices(key)]</c>.</param>
    /// <param name="configure">Sets its options; the class's callbacks are set before.</param>
    /// <typeparam name="TEvents">The class. Hubs that name the same class share it.</typeparam>
    public static IWebSocketHubBuilder AddWebSocketHub<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TEvents>(
        this IServiceCollection services, string key, Action<WebSocketHubOptions>? configure = null)
        where TEvents : class, IHubEvents
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        AddEvents<TEvents>(services, key);
        return Add(services, key, configure);
    }

    private static void AddEvents<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TEvents>(
        IServiceCollection services, string? key)
        where TEvents : class, IHubEvents
    {
        services.TryAddSingleton<TEvents>();
        services.AddSingleton(new HubEventsService(key, static provider => provider.GetRequiredService<TEvents>()));
        services.AddOptions<WebSocketHubOptions>(key ?? Options.Options.DefaultName).Configure<IServiceProvider>(static (options, provider) =>
        {
            // Asked for at each call, not now: the class may take the hub, which is only being made.
            options.OnConnected = (client, ct) => provider.GetRequiredService<TEvents>().OnConnectedAsync(client, ct);
            options.OnDisconnected = (client, disconnect) => provider.GetRequiredService<TEvents>().OnDisconnectedAsync(client, disconnect);
            options.OnJoining = (client, room, ct) => provider.GetRequiredService<TEvents>().OnJoiningAsync(client, room, ct);
            options.OnGap = (hub, gap) => provider.GetRequiredService<TEvents>().OnGapAsync(hub, gap);
        });
    }

    private static WebSocketHubBuilder Add(IServiceCollection services, string? key, Action<WebSocketHubOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var name = key ?? Options.Options.DefaultName;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebSocketHubOptions>, HubOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebSocketEndpointOptions>, EndpointOptionsValidator>());
        services.AddOptions<WebSocketEndpointOptions>().ValidateOnStart();
        services.AddWebSocketDrain();
        var options = services.AddOptions<WebSocketHubOptions>(name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (key is null)
        {
            services.TryAddSingleton(provider => Create(provider, name, key));
        }
        else
        {
            services.TryAddKeyedSingleton(key, (provider, _) => Create(provider, name, key));
        }

        return new WebSocketHubBuilder(services, key);
    }

    private static WebSocketHub Create(IServiceProvider services, string name, string? key)
    {
        // All that may fail comes before the backplane, which has to be disposed of by somebody.
        var options = services.GetRequiredService<IOptionsMonitor<WebSocketHubOptions>>().Get(name);
        HubOptionsRules.ThrowIfInvalid(options);
        var backplane = BackplaneServices.Create(services, key);
        return new WebSocketHub(
            options,
            services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions,
            services.GetService<TimeProvider>(),
            services.GetService<ILogger<WebSocketHub>>(),
            services,
            backplane?.Backplane,
            backplane?.Options);
    }
}
