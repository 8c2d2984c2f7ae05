namespace Waffle.WebSockets.Hubs;

/// <summary>The members of a hub, a room or a user, and the order of what is sent to them.</summary>
/// <remarks>
/// Joining, leaving and linking a broadcast's frame into the members' queues take the same lock: a member gets everything from its join on, once, and
/// all members see two broadcasts in the same order. Adding and removing are O(1): each member knows its index.
/// </remarks>
internal sealed class MemberGroup(string name)
{
    private readonly Lock _orderLock = new();
    private Membership[] _members = [];
    private readonly DeflateCensus _deflate = new();
    private int _count;

    public string Name { get; } = name;

    /// <summary>The lock that orders broadcasts, joins and leaves.</summary>
    public Lock OrderLock => _orderLock;

    /// <summary>Which compressed forms of a message the members can share.</summary>
    public DeflateCensus Deflate => _deflate;

    /// <summary>Who writes what is broadcast to many members.</summary>
    public GroupWriter Writer { get; } = new();

    /// <summary>How many members there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Nobody is in it any more and it is out of its table: a new group has taken, or will take, its place.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>The members; only under <see cref="OrderLock"/>.</summary>
    public ReadOnlySpan<Membership> Members => _members.AsSpan(0, _count);

    /// <summary>Adds a member; <see langword="false"/> if the group is retired.</summary>
    public bool TryAdd(Membership membership)
    {
        lock (_orderLock)
        {
            if (IsRetired)
            {
                return false;
            }

            if (_count == _members.Length)
            {
                Array.Resize(ref _members, Math.Max(4, _count * 2));
            }

            // First, for it may throw.
            _deflate.Add(membership.Client.Connection.Compression);
            membership.Index = _count;
            _members[_count++] = membership;
            return true;
        }
    }

    /// <summary>Removes a member; without effect if the group was emptied meanwhile.</summary>
    /// <param name="membership">The member's place.</param>
    /// <param name="mayRetire">Whether an empty group is over.</param>
    /// <returns>Whether this retired the group: the caller takes it out of its table.</returns>
    public bool Remove(Membership membership, bool mayRetire)
    {
        lock (_orderLock)
        {
            if (IsRetired)
            {
                return false;
            }

            var last = _members[--_count];
            _members[last.Index = membership.Index] = last;
            _members[_count] = null!;
            _deflate.Remove(membership.Client.Connection.Compression);
            if (_count < _members.Length / 4)
            {
                Shrink();
            }

            return IsRetired = mayRetire && _count == 0;
        }
    }

    private void Shrink()
    {
        try
        {
            Array.Resize(ref _members, _members.Length / 2);
        }
        catch (OutOfMemoryException)
        {
            // Whoever leaves next tries again.
        }
    }

    /// <summary>Retires the group with all its members, which the caller releases.</summary>
    public Membership[] Retire()
    {
        lock (_orderLock)
        {
            var members = Members.ToArray();
            IsRetired = true;
            _members = [];
            _count = 0;
            return members;
        }
    }

    /// <summary>The members now, as a list of the caller's own.</summary>
    public HubClient[] Snapshot()
    {
        lock (_orderLock)
        {
            var clients = new HubClient[_count];
            for (var i = 0; i < clients.Length; i++)
            {
                clients[i] = _members[i].Client;
            }

            return clients;
        }
    }
}
