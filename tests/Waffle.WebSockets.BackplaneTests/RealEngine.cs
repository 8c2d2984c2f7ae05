using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>An engine that is a process, with the driver of its kind.</summary>
public sealed class RealEngine(EngineProcess process, Func<int, IBackplane> connect) : IEngine
{
    public EngineProcess Process => process;

    public IBackplane Connect() => connect(process.Port);

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
