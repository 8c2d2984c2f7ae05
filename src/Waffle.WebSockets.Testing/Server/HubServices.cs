using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Testing.Server;

/// <summary>
/// The services of an application that is nothing but a hub: the hub itself and its clock, its own services, and the library's for what
/// these lack.
/// </summary>
/// <remarks>One application for each hub, so that what an application's endpoints share is shared by its test clients.</remarks>
internal sealed class HubServices : IServiceProvider
{
    private static readonly ConditionalWeakTable<WebSocketHub, HubServices> _ofHubs = [];

    private readonly WebSocketHub _hub;
    private readonly ServiceProvider _defaults;

    private HubServices(WebSocketHub hub)
    {
        _hub = hub;
        var defaults = new ServiceCollection().AddSingleton(hub).AddSingleton(hub.Time).AddSingleton<ILoggerFactory>(new LoggerFactory());
        defaults.AddWebSocketHub();
        _defaults = defaults.BuildServiceProvider();
    }

    public static HubServices Of(WebSocketHub hub) => _ofHubs.GetValue(hub, static hub => new HubServices(hub));

    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(WebSocketHub))
        {
            return _hub;
        }

        return serviceType == typeof(TimeProvider)
            ? _hub.Time
            : _hub.Services?.GetService(serviceType) ?? _defaults.GetService(serviceType);
    }
}
