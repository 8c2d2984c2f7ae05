using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>By what all that belongs to one application finds together.</summary>
internal static class ApplicationServices
{
    /// <summary>
    /// An object that is one application's alone, whichever of its services are asked; <see langword="null"/> if the services are no application's.
    /// </summary>
    /// <remarks>A log may be shared by several hosts of a process; without a host it is the nearest to an application that there is.</remarks>
    public static object? GetApplication(this IServiceProvider services) =>
        (object?)services.GetService<IHostApplicationLifetime>() ?? services.GetService<ILoggerFactory>();
}
