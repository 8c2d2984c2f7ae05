using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.Hubs;

/// <summary>Groups by name: one exists while somebody is in it.</summary>
/// <param name="onEmptied">Told the name of each group whose last member has left.</param>
internal sealed class GroupTable(Action<string>? onEmptied = null)
{
    private readonly ConcurrentDictionary<string, MemberGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>The names of all groups, as they are now.</summary>
    public IReadOnlyCollection<string> Names => (IReadOnlyCollection<string>)_groups.Keys;

    public MemberGroup? Find(string name) => _groups.GetValueOrDefault(name);

    /// <summary>Makes a client a member; the first one creates the group.</summary>
    public Membership Add(string name, HubClient client)
    {
        while (true)
        {
            var group = _groups.GetOrAdd(name, static key => new MemberGroup(key));
            var membership = new Membership(client, group);
            Interleaving.Point();
            if (group.TryAdd(membership))
            {
                return membership;
            }

            // Retired between the two steps: whoever retired it is about to take it out.
            _groups.TryRemove(KeyValuePair.Create(name, group));
        }
    }

    /// <summary>Ends a membership; the last one removes the group.</summary>
    public void Remove(Membership membership)
    {
        if (membership.Group.Remove(membership, mayRetire: true))
        {
            _groups.TryRemove(KeyValuePair.Create(membership.Group.Name, membership.Group));
            onEmptied?.Invoke(membership.Group.Name);
        }
    }

    /// <summary>Removes a group with all its members, which the caller releases.</summary>
    public bool TryRetire(string name, [NotNullWhen(true)] out Membership[]? members)
    {
        members = null;
        if (!_groups.TryRemove(name, out var group))
        {
            return false;
        }

        Interleaving.Point();
        members = group.Retire();
        onEmptied?.Invoke(name);
        return members.Length > 0;
    }
}
