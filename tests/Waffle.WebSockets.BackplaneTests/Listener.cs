using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Reads all that a member gets as it comes, so that a test can look at it at any time.</summary>
internal sealed class Listener
{
    private readonly Lock _textsLock = new();
    private readonly List<string> _texts = [];
    private readonly HashSet<string> _heard = [];

    public Listener(RawPeer peer) => _ = ListenAsync(peer);

    public Listener(Cluster.Member member)
        : this(member.Peer)
    {
    }

    /// <summary>What has come, in its order.</summary>
    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_textsLock)
            {
                return [.. _texts];
            }
        }
    }

    public bool HasHeard(string text)
    {
        lock (_textsLock)
        {
            return _heard.Contains(text);
        }
    }

    private async Task ListenAsync(RawPeer peer)
    {
        while (await peer.ReadFrameButPingsAsync() is { } frame)
        {
            lock (_textsLock)
            {
                _texts.Add(frame.Text);
                _heard.Add(frame.Text);
            }
        }
    }
}
