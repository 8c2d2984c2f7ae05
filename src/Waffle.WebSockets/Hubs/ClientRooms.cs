namespace Waffle.WebSockets.Hubs;

/// <summary>The rooms that one client is in. Its lock stands before every group's: a join and the client's end can't pass each other.</summary>
internal sealed class ClientRooms(HubClient client, GroupTable table, int maxRooms)
{
    private static readonly Dictionary<string, Membership> _none = [];

    private readonly Lock _roomsLock = new();

    // Most clients are in one room.
    private Membership? _first;
    private Dictionary<string, Membership>? _others;
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
                Remove(name);
                Reserve();
                Add(table.Add(name, client));
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

            Remove(name);
            table.Remove(membership);
            return true;
        }
    }

    /// <summary>Forgets a membership whose room was deleted.</summary>
    public void Forget(Membership membership)
    {
        lock (_roomsLock)
        {
            if (FindEvenRetired(membership.Group.Name) == membership)
            {
                Remove(membership.Group.Name);
            }
        }
    }

    /// <summary>Leaves all rooms for good, and tells which they were.</summary>
    public string[] End()
    {
        lock (_roomsLock)
        {
            _isEnded = true;
            var names = TakeNamesIfThereIsMemory();
            if (_first is not null)
            {
                table.Remove(_first);
            }

            foreach (var (_, membership) in _others ?? _none)
            {
                table.Remove(membership);
            }

            (_first, _others) = (null, null);
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

        return maxRooms > 0 && Count >= maxRooms ? JoinResult.LimitReached : JoinResult.Joined;
    }

    // A room that was deleted a moment ago counts as left, although its membership is still to be forgotten.
    private Membership? Find(string name) => FindEvenRetired(name) is { Group.IsRetired: false } membership ? membership : null;

    private Membership? FindEvenRetired(string name) => _first?.Group.Name == name ? _first : _others?.GetValueOrDefault(name);

    private int Count => (_first is null ? 0 : 1) + (_others?.Count ?? 0);

    private string[] TakeNames()
    {
        string[] others = _others is null ? [] : [.. _others.Keys];
        return _first is null ? others : [_first.Group.Name, .. others];
    }

    private string[] TakeNamesIfThereIsMemory()
    {
        try
        {
            return TakeNames();
        }
        catch (OutOfMemoryException)
        {
            // To leave the rooms matters more than to tell which they were.
            return [];
        }
    }

    // Before the room has its member, whom nobody would take out of it if there was no place here.
    private void Reserve()
    {
        if (_first is not null)
        {
            _others ??= new(StringComparer.Ordinal);
            _others.EnsureCapacity(_others.Count + 1);
        }
    }

    private void Add(Membership membership)
    {
        if (_first is null)
        {
            _first = membership;
        }
        else
        {
            _others!.Add(membership.Group.Name, membership);
        }
    }

    private void Remove(string name)
    {
        if (_first?.Group.Name == name)
        {
            _first = null;
        }
        else
        {
            _others?.Remove(name);
        }
    }
}
