namespace Waffle.WebSockets.Hubs;

/// <summary>The groups that a broadcast goes to: mostly one; several in the order of their names, which is the order in which they are locked.</summary>
internal readonly struct MemberGroups
{
    private readonly MemberGroup? _one;
    private readonly ReadOnlyMemory<MemberGroup> _several;

    /// <summary>One group, or none.</summary>
    public MemberGroups(MemberGroup? group) => _one = group;

    /// <summary>Any number of groups, each once, ordered by name.</summary>
    public MemberGroups(ReadOnlyMemory<MemberGroup> groups)
    {
        _one = groups.Length == 1 ? groups.Span[0] : null;
        _several = groups.Length == 1 ? default : groups;
    }

    /// <summary>How many groups there are.</summary>
    public int Length => _one is null ? _several.Length : 1;

    /// <summary>How many members they have, each counted once.</summary>
    public int Count => _one?.Count ?? (_several.IsEmpty ? 0 : Snapshot().Length);

    public MemberGroup this[int index] => _one ?? _several.Span[index];

    /// <summary>The members now, each once, as a list of the caller's own.</summary>
    public HubClient[] Snapshot()
    {
        if (_one is not null)
        {
            return _one.Snapshot();
        }

        var members = new HashSet<HubClient>();
        foreach (var group in _several.Span)
        {
            members.UnionWith(group.Snapshot());
        }

        return [.. members];
    }

    /// <summary>Takes all the groups' locks: nobody joins, leaves or sends through any of them until <see cref="Unlock"/>.</summary>
    public void Lock()
    {
        for (var i = 0; i < Length; i++)
        {
            this[i].OrderLock.Enter();
        }
    }

    public void Unlock()
    {
        for (var i = 0; i < Length; i++)
        {
            this[i].OrderLock.Exit();
        }
    }
}
