namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>What carries messages between servers: real or in memory.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>Whether a message has come at all who have subscribed as soon as it is published.</summary>
    bool DeliversAtOnce => false;

    /// <summary>A backplane of its own for one server.</summary>
    IBackplane Connect();
}
