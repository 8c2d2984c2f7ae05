namespace Waffle.WebSockets.BrowserTests;

/// <summary>Tests of a sample: each finds its server as it was when it started.</summary>
public abstract class ServerTests<TServer>(TServer server) : IClassFixture<TServer>, IAsyncLifetime
    where TServer : SampleServer
{
    protected TServer Server => server;

    public async ValueTask InitializeAsync() => await server.BecomeFreshAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await LeaveAsync();
    }

    /// <summary>Called after each test.</summary>
    protected virtual Task LeaveAsync() => Task.CompletedTask;
}
