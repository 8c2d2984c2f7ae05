using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>What all endpoints of one application share.</summary>
/// <remarks>The application is asked for it once: a request that is asked for its services makes a scope for them, which stays as long as its connection.</remarks>
internal sealed class EndpointApplication
{
    private static readonly ConditionalWeakTable<object, EndpointApplication> _applications = [];

    // For a request without services.
    private static readonly EndpointApplication _none = new(services: null);

    private EndpointApplication(IServiceProvider? services)
    {
        Time = services?.GetService<TimeProvider>() ?? TimeProvider.System;
        Logger = services?.GetService<ILoggerFactory>()?.CreateLogger(EndpointLog.Category) ?? NullLogger.Instance;
        Stopping = services?.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        Handshakes = new HandshakesUnderWay(LimitHits.For(services) ?? LimitHits.Unlogged, TimerWheel.For(Time));
    }

    /// <summary>The clock of everything that belongs to its requests.</summary>
    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>Fires when it begins to stop.</summary>
    public CancellationToken Stopping { get; }

    public HandshakesUnderWay Handshakes { get; }

    /// <summary>The application that services belong to, be they its own or a request's.</summary>
    public static EndpointApplication For(IServiceProvider? services) => services?.GetApplication() is { } application
        ? _applications.GetValue(application, _ => new EndpointApplication(services))
        : _none;
}
