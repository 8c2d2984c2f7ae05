using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Says once, outside development, that an endpoint allows any origin.</summary>
internal static class AnyOriginWarning
{
    private static int _isLogged;

    public static void LogOnce(HttpContext http, ILogger logger)
    {
        var environment = http.RequestServices?.GetService<IHostEnvironment>();
        if (environment?.IsDevelopment() != true && Interlocked.Exchange(ref _isLogged, 1) == 0)
        {
            EndpointLog.AnyOriginAllowed(logger);
        }
    }
}
