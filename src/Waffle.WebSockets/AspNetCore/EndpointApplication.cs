using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>What all endpoints of one application share.</summary>
/// <remarks>The application is asked for it once: a request that is asked for its services makes a scope for them, which stays as long as its connection.</remarks>
internal sealed class EndpointApplication
{
    private static readonly ConditionalWeakTable<object, EndpointApplication> _applications = [];

    private static readonly TimeSpan _usualPatience = TimeSpan.FromSeconds(30);

    // For a request without services.
    private static readonly EndpointApplication _none = new(services: null);

    private EndpointApplication(IServiceProvider? services)
    {
        Time = services?.GetService<TimeProvider>() ?? TimeProvider.System;
        Logger = services?.GetService<ILoggerFactory>()?.CreateLogger(EndpointLog.Category) ?? NullLogger.Instance;

        // Its client is to come back, and not to be told that all is done.
        Connections = new ConnectionRegistry { Done = connection => Drain!.CloseIfDraining(connection) };
        Drain = CreateDrain(services);
        Handshakes = new HandshakesUnderWay(LimitHits.For(services) ?? LimitHits.Unlogged, TimerWheel.For(Time));
    }

    /// <summary>The clock of everything that belongs to its requests.</summary>
    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public HandshakesUnderWay Handshakes { get; }

    /// <summary>The connections of all its endpoints.</summary>
    public ConnectionRegistry Connections { get; }

    /// <summary>How they are closed when it stops.</summary>
    public WebSocketDrain Drain { get; }

    /// <summary>The application that services belong to, be they its own or a request's.</summary>
    public static EndpointApplication For(IServiceProvider? services) => services?.GetApplication() is { } application
        ? _applications.GetValue(application, _ => new EndpointApplication(services))
        : _none;

    private WebSocketDrain CreateDrain(IServiceProvider? services)
    {
        var options = (services?.GetService<IOptions<WebSocketDrainOptions>>()?.Value ?? new()).Snapshot();
        DrainOptionsRules.ThrowIfInvalid(options);
        var logger = services?.GetService<ILoggerFactory>()?.CreateLogger(DrainLog.Category) ?? NullLogger.Instance;
        var patience = services?.GetService<IOptions<HostOptions>>()?.Value.ShutdownTimeout ?? _usualPatience;
        var run = new DrainRun(Connections, options, DrainTimes.LastMoment(patience), Time, logger);
        var drain = new WebSocketDrain(run, patience, Time);

        // The server would wait for the connections until its own time is up, and then cut them.
        services?.GetService<IHostApplicationLifetime>()?.ApplicationStopping.UnsafeRegister(static drain => _ = ((WebSocketDrain)drain!).StopAsync(), drain);
        return drain;
    }
}
