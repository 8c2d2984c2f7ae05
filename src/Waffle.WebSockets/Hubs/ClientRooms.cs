namespace Waffle.WebSockets.Hubs;

/// <summary>The rooms that one client is in. Its lock stands before every group's: a join and the client's end can't pass each other.</summary>
internal sealed class ClientRooms(HubClient client, GroupTable table, int maxRooms)
{
    private readonly Lock _roomsLock = new();
    private Dictionary<string, Membership>? _memberships;
    private bool _isEnded;

    /// <summary>The names, as they are now.</summary>
    public string[] Names
    {
        get
        {
            lock (_roomsLock)
            {
                return TakeNames();
            }
        }
    }

    public bool Contains(string name)
    {
        lock (_roomsLock)
        {
            return Find(name) is not null;
        }
    }

    /// <summary>What a join would give, if the policy has nothing against it.</summary>
    public JoinResult Check(string name)
    {
        lock (_roomsLock)
        {
            return CheckUnderLock(name);
        }
    }

    public JoinResult Join(string name)
    {
        lock (_roomsLock)
        {
            var result = CheckUnderLock(name);
            if (result == JoinResult.Joined)
            {
                (_memberships ??= new(StringComparer.Ordinal))[name] = table.Add(name, client);
            }

            return result;
        }
    }

    public bool Leave(string name)
    {
        lock (_roomsLock)
        {
            if (Find(name) is not { } membership)
            {
                return false;
            }

            _memberships!.Remove(name);
            table.Remove(membership);
            return true;
        }
    }

    /// <summary>Forgets a membership whose room was deleted.</summary>
    public void Forget(Membership membership)
    {
        lock (_roomsLock)
        {
            if (_memberships?.GetValueOrDefault(membership.Group.Name) == membership)
            {
                _memberships.Remove(membership.Group.Name);
            }
        }
    }

    /// <summary>Leaves all rooms for good, and tells which they were.</summary>
    public string[] End()
    {
        lock (_roomsLock)
        {
            _isEnded = true;
            var names = TakeNames();
            foreach (var membership in _memberships?.Values ?? Enumerable.Empty<Membership>())
            {
                table.Remove(membership);
            }

            _memberships = null;
            return names;
        }
    }

    private JoinResult CheckUnderLock(string name)
    {
        if (_isEnded || client.Connection.IsClosed)
        {
            return JoinResult.Closed;
        }

        if (Find(name) is not null)
        {
            return JoinResult.AlreadyMember;
        }

        return maxRooms > 0 && _memberships?.Count >= maxRooms ? JoinResult.LimitReached : JoinResult.Joined;
    }

    // A room that was deleted a moment ago counts as left, although its membership is still to be forgotten.
    private Membership? Find(string name) =>
        _memberships is not null && _memberships.TryGetValue(name, out var membership) && !membership.Group.IsRetired ? membership : null;

    private string[] TakeNames() => _memberships is null ? [] : [.. _memberships.Keys];
}
