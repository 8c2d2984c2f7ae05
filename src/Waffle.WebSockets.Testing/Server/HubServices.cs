using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Waffle.WebSockets.Testing.Server;

/// <summary>The services of an application that is nothing but a hub: the hub's own clock and log, and the defaults for all else.</summary>
/// <remarks>One application for each hub, so that limits which an application's endpoints share are shared by its test clients.</remarks>
internal static class HubServices
{
    private static readonly ConditionalWeakTable<WebSocketHub, IServiceProvider> _ofHubs = [];

    public static IServiceProvider Of(WebSocketHub hub) => _ofHubs.GetValue(hub, Create);

    private static ServiceProvider Create(WebSocketHub hub)
    {
        var services = new ServiceCollection().AddOptions().AddSingleton(hub.Time);
        services.AddSingleton(hub.Services?.GetService<ILoggerFactory>() ?? new LoggerFactory());
        if (hub.Services?.GetService<IHostApplicationLifetime>() is { } application)
        {
            services.AddSingleton(application);
        }

        if (hub.Services?.GetService<IHostEnvironment>() is { } environment)
        {
            services.AddSingleton(environment);
        }

        if (hub.Services?.GetService<IOptions<WebSocketEndpointOptions>>() is { } defaults)
        {
            services.AddSingleton(defaults);
        }

        // A hub that is given is not disposed of with the services.
        services.AddSingleton(hub);
        return services.BuildServiceProvider();
    }
}
