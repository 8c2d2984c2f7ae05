namespace Waffle.WebSockets.Backplane;

/// <summary>Channels in which something may not have been published. Safe to use from any thread.</summary>
internal sealed class LossyChannels(int capacity)
{
    private readonly Lock _scopesLock = new();
    private readonly HashSet<ChannelScope> _scopes = [];
    private bool _areMore;

    public void Add(ChannelScope scope)
    {
        lock (_scopesLock)
        {
            if (_scopes.Count < capacity)
            {
                _scopes.Add(scope);
            }
            else
            {
                _areMore |= !_scopes.Contains(scope);
            }
        }
    }

    /// <summary>Something was lost, and nobody knows where.</summary>
    public void AddUnknown()
    {
        lock (_scopesLock)
        {
            _areMore = true;
        }
    }

    /// <param name="areMore">Whether there were more than could be remembered.</param>
    public ChannelScope[] TakeAll(out bool areMore)
    {
        lock (_scopesLock)
        {
            ChannelScope[] all = [.. _scopes];
            _scopes.Clear();
            (areMore, _areMore) = (_areMore, false);
            return all;
        }
    }
}
