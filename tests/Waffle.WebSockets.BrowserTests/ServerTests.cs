namespace Waffle.WebSockets.BrowserTests;

/// <summary>Tests of the chat: each finds its server empty.</summary>
public abstract class ServerTests(ChatServer server) : IClassFixture<ChatServer>, IAsyncLifetime
{
    protected ChatServer Server => server;

    public async ValueTask InitializeAsync() => await server.BecomeEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await LeaveAsync();
    }

    /// <summary>Called after each test.</summary>
    protected virtual Task LeaveAsync() => Task.CompletedTask;
}
