namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>What carries messages between servers: real or in memory.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>A backplane of its own for one server.</summary>
    IBackplane Connect();
}
