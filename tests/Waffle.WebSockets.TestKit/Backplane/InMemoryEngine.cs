namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>An exchange within the process.</summary>
public sealed class InMemoryEngine : IEngine
{
    private readonly InMemoryExchange _exchange = new();

    public bool DeliversAtOnce => true;

    public IBackplane Connect() => _exchange.Connect();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
