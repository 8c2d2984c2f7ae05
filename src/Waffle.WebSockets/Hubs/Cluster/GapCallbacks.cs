using System.Threading.Channels;

namespace Waffle.WebSockets.Hubs;

/// <summary>Tells a hub's members and its application of gaps. The application's callback is called one at a time, on a thread of its own turn.</summary>
internal sealed class GapCallbacks : IDisposable
{
    // Gaps of a kind come once a second at most; a callback that does not return keeps no more than these.
    private const int MaxWaiting = 1024;

    private readonly Channel<HubGap> _waiting = Channel.CreateBounded<HubGap>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly WebSocketHub _hub;

    public GapCallbacks(WebSocketHub hub)
    {
        _hub = hub;
        if (hub.Options.OnGap is { } callback)
        {
            _ = Task.Run(() => RunAsync(callback));
        }
    }

    /// <summary>The members get the event before any later message. Never throws.</summary>
    public void Tell(HubGap gap)
    {
        try
        {
            if (_hub.Options.GapEvent is { } name)
            {
                GapNotice.Send(_hub, name, gap);
            }
        }
        catch (Exception error)
        {
            HubLog.GapCallbackFailed(_hub.Logger, error);
        }

        if (_hub.Options.OnGap is not null)
        {
            _waiting.Writer.TryWrite(gap);
        }
    }

    public void Dispose() => _waiting.Writer.TryComplete();

    private async Task RunAsync(Func<WebSocketHub, HubGap, Task> callback)
    {
        await foreach (var gap in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                await callback(_hub, gap);
            }
            catch (Exception error)
            {
                HubLog.GapCallbackFailed(_hub.Logger, error);
            }
        }
    }
}
