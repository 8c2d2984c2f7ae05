using System.Collections.Concurrent;

namespace Waffle.WebSockets.Bench.SystemNet;

/// <summary>The clients that get what any of them sends.</summary>
internal sealed class Room
{
    private readonly ConcurrentDictionary<Member, byte> _members = new();

    public void Add(Member member) => _members.TryAdd(member, 0);

    public void Remove(Member member) => _members.TryRemove(member, out _);

    public void Broadcast(Message message)
    {
        foreach (var (member, _) in _members)
        {
            member.Enqueue(message);
        }
    }
}
