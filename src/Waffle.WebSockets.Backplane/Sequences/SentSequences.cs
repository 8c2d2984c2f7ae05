namespace Waffle.WebSockets.Backplane;

/// <summary>Numbers what one server publishes, for each channel. Not synchronised.</summary>
/// <remarks>
/// Bounded: the channel that was used longest ago is forgotten, and counts in a new epoch when it comes again, which is no gap for those who listen.
/// </remarks>
internal sealed class SentSequences(string prefix, int capacity, TimeProvider time)
{
    private readonly Dictionary<ChannelScope, LinkedListNode<SentSequence>> _nodes = [];
    private readonly LinkedList<SentSequence> _byUse = new();
    private long _lastEpoch;

    /// <summary>The channel's count, moved on by one.</summary>
    public SentSequence Next(ChannelScope scope)
    {
        var sequence = Find(scope) ?? Add(scope);
        sequence.Last++;
        return sequence;
    }

    /// <summary>The channels that were used within a time, the latest first.</summary>
    public IEnumerable<ChannelScope> UsedWithin(TimeSpan age)
    {
        for (var node = _byUse.Last; node is not null && time.GetElapsedTime(node.Value.LastUsed) <= age; node = node.Previous)
        {
            yield return node.Value.Scope;
        }
    }

    /// <summary>The channel's count as it is, if it is not forgotten; it counts as used.</summary>
    public SentSequence? Find(ChannelScope scope)
    {
        if (!_nodes.TryGetValue(scope, out var node))
        {
            return null;
        }

        if (_byUse.Last != node)
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }

        // Also for a marker: it may be lost as well, and then has to be sent again.
        node.Value.LastUsed = time.GetTimestamp();
        return node.Value;
    }

    private SentSequence Add(ChannelScope scope)
    {
        if (_nodes.Count >= capacity && _byUse.First is { } oldest)
        {
            _nodes.Remove(oldest.Value.Scope);
            _byUse.RemoveFirst();
        }

        var sequence = new SentSequence(scope, scope.ToChannel(prefix), ++_lastEpoch) { LastUsed = time.GetTimestamp() };
        _nodes.Add(scope, _byUse.AddLast(sequence));
        return sequence;
    }
}
