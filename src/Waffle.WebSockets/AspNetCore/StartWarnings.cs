using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Says, once for each application and outside development, what an operator should know of its endpoints' origins.</summary>
internal static class StartWarnings
{
    private static readonly ConditionalWeakTable<ILoggerFactory, Logged> _logged = [];

    public static void LogOnce(IServiceProvider services, EndpointSettings settings)
    {
        if (services.GetService<IHostEnvironment>()?.IsDevelopment() == true || services.GetService<ILoggerFactory>() is not { } loggers)
        {
            return;
        }

        var logged = _logged.GetOrCreateValue(loggers);
        var logger = loggers.CreateLogger(EndpointLog.Category);
        if (settings.AllowsAnyOrigin)
        {
            if (Interlocked.Exchange(ref logged.AnyOrigin, true) == false)
            {
                EndpointLog.AnyOriginAllowed(logger);
            }
        }
        else if (TrustsAnyHost(services) && Interlocked.Exchange(ref logged.AnyHost, true) == false)
        {
            EndpointLog.AnyHostTrusted(logger);
        }
    }

    // A page of an attacker's whose name is made to point here has the same host in Origin and Host.
    private static bool TrustsAnyHost(IServiceProvider services) =>
        services.GetService<IOptions<HostFilteringOptions>>()?.Value.AllowedHosts is not { Count: > 0 } hosts || hosts.Contains("*");

    private sealed class Logged
    {
        public bool AnyOrigin;
        public bool AnyHost;
    }
}
