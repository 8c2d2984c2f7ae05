using System.Buffers;

namespace Waffle.WebSockets.Hubs;

/// <summary>Members of a group in a rented array. Not synchronised.</summary>
/// <param name="arrays">Where the array is rented and given back.</param>
internal struct MemberBatch(ArrayPool<WebSocketConnection> arrays)
{
    private WebSocketConnection[]? _members;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<WebSocketConnection> Members => _members.AsSpan(0, Count);

    /// <summary>Makes room for so many in all.</summary>
    public void Reserve(int places)
    {
        if (places <= (_members?.Length ?? 0))
        {
            return;
        }

        var larger = arrays.Rent(places);
        Members.CopyTo(larger);
        var count = Count;
        Return();
        (_members, Count) = (larger, count);
    }

    /// <summary>Where there is room.</summary>
    public void Add(WebSocketConnection member) => _members![Count++] = member;

    /// <summary>Takes over another's members behind its own.</summary>
    public void Append(MemberBatch other)
    {
        if (_members is null)
        {
            this = other;
            return;
        }

        Reserve(Count + other.Count);
        other.Members.CopyTo(_members.AsSpan(Count));
        Count += other.Count;
        other.Return();
    }

    /// <summary>Forgets all, and gives the array back.</summary>
    public void Return()
    {
        if (_members is not null)
        {
            _members.AsSpan(0, Count).Clear();
            arrays.Return(_members);
        }

        (_members, Count) = (null, 0);
    }
}
