using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Waffle.WebSockets;
using Waffle.WebSockets.Backplane;

// Found without a using, as all Add… methods are.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers backplanes, and publishers for processes without a hub.</summary>
public static class WebSocketBackplaneServiceCollectionExtensions
{
    /// <summary>Gives a hub, or a publisher, its backplane.</summary>
    /// <param name="builder">What <c>AddWebSocketHub</c> or <see cref="AddWebSocketHubPublisher"/> returned.</param>
    /// <param name="create">Makes the backplane, once; it is disposed of with the hub or the publisher.</param>
    /// <param name="configure">Sets its options; checked when the hub, or the publisher, is made.</param>
    public static IWebSocketHubBuilder AddBackplane(
        this IWebSocketHubBuilder builder, Func<IServiceProvider, IBackplane> create, Action<BackplaneOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddSingleton(new BackplaneRegistration(builder.Key, create));
        var options = builder.Services.AddOptions<BackplaneOptions>(builder.Key ?? Options.Options.DefaultName);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BackplaneOptions>, BackplaneOptionsValidator>());
        return builder;
    }

    /// <summary>Registers a <see cref="WebSocketHubPublisher"/>: it sends to a hub's clients from a process that has none, such as a worker or a job.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="key">The key of the hub, if it is registered with one; the publisher is registered with the same.</param>
    /// <param name="serializerOptions">For what is sent as JSON: those of the hub's application, if it has changed them. <see langword="null"/>: the web's defaults.</param>
    /// <example>
    /// <code>
    /// builder.Services.AddWebSocketHubPublisher().AddBackplane(_ => exchange.Connect());
    /// </code>
    /// </example>
    public static IWebSocketHubBuilder AddWebSocketHubPublisher(
        this IServiceCollection services, string? key = null, JsonSerializerOptions? serializerOptions = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (key is null)
        {
            services.TryAddSingleton(provider => Create(provider, key: null, serializerOptions));
        }
        else
        {
            services.TryAddKeyedSingleton(key, (provider, _) => Create(provider, key, serializerOptions));
        }

        return new PublisherBuilder(services, key);
    }

    private static WebSocketHubPublisher Create(IServiceProvider services, string? key, JsonSerializerOptions? serializerOptions)
    {
        var (backplane, options) = BackplaneServices.Create(services, key)
            ?? throw new InvalidOperationException("The publisher has no backplane: call AddRedisBackplane, AddNatsBackplane or AddBackplane behind AddWebSocketHubPublisher.");
        return new WebSocketHubPublisher(
            backplane,
            options,
            serializerOptions,
            services.GetService<TimeProvider>(),
            services.GetService<ILoggerFactory>(),
            services.GetService<IMeterFactory>());
    }

    private sealed record PublisherBuilder(IServiceCollection Services, string? Key) : IWebSocketHubBuilder;
}
