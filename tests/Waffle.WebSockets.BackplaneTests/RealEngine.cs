using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>An engine that is a process, with the driver of its kind.</summary>
public abstract class RealEngine(EngineProcess process) : IEngine
{
    public EngineProcess Process => process;

    /// <summary>What a program that is configured from outside is told about it: the setting's name and its value.</summary>
    public abstract (string Name, string Value) Setting { get; }

    /// <summary>The bytes of the longest message that it takes: NATS by default, Redis where it is told so.</summary>
    public int LongestMessage => 1024 * 1024;

    public IBackplane Connect() => Connect(process.Port);

    /// <summary>Connects by another way.</summary>
    public abstract IBackplane Connect(int port);

    /// <summary>Registers it for a hub, as an application does.</summary>
    public abstract void AddTo(IWebSocketHubBuilder hub);

    /// <summary>How many subscriptions there are, by the engine's own count.</summary>
    public abstract Task<int> CountSubscriptionsAsync();

    /// <summary>How many channels a backplane of this engine remembers.</summary>
    public abstract int CountChannels(IBackplane backplane);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
