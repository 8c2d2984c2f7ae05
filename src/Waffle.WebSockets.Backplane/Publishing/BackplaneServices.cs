using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Waffle.WebSockets.Backplane;

/// <summary>Finds among an application's services what a hub or a publisher needs for its backplane.</summary>
internal static class BackplaneServices
{
    private const string Category = "Waffle.WebSockets.Backplane";
    public const string DefaultHubName = "waffle";

    /// <summary>The backplane that was registered last for a key, and its options; or none.</summary>
    public static (IBackplane Backplane, BackplaneOptions Options)? Create(IServiceProvider services, string? key)
    {
        var registration = services.GetServices<BackplaneRegistration>().LastOrDefault(registration => registration.Key == key);
        if (registration is null)
        {
            return null;
        }

        var options = services.GetRequiredService<IOptionsMonitor<BackplaneOptions>>().Get(key ?? Options.DefaultName).Snapshot();
        options.HubName ??= key is null ? DefaultHubName : $"{DefaultHubName}-{key}";
        BackplaneOptionsRules.ThrowIfInvalid(options);
        return (registration.Create(services), options);
    }

    public static ILogger CreateLogger(ILoggerFactory? loggers) => (loggers ?? NullLoggerFactory.Instance).CreateLogger(Category);
}
