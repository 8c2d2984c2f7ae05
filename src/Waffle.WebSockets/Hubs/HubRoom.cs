using System.Text.Json;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Hubs;

namespace Waffle.WebSockets;

/// <summary>A room by its name. The handle stays valid for ever, whether or not anybody is in the room.</summary>
/// <example>
/// <code>
/// var room = hub.Room("tea");
/// await room.JoinAsync(client, ct);
/// await room.BroadcastTextAsync($"We are {room.Count}.", default, ct);
/// foreach (var member in room.Members)
/// {
///     Console.WriteLine(member.Id);
/// }
/// </code>
/// </example>
public sealed class HubRoom : BroadcastTarget
{
    internal HubRoom(WebSocketHub hub, string name)
    {
        Hub = hub;
        Name = name;
    }

    /// <summary>The hub that the room belongs to.</summary>
    public WebSocketHub Hub { get; }

    /// <summary>The room's name; names are compared ordinally.</summary>
    public string Name { get; }

    /// <summary>The members as they are now, in no particular order; safe to iterate while members come and go.</summary>
    public IEnumerable<HubClient> Members => FindGroups().Snapshot();

    private protected override JsonSerializerOptions SerializerOptions => Hub.Json;

    /// <summary>Whether the client is a member.</summary>
    public bool Contains(HubClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Hub == Hub && client.IsIn(Name);
    }

    /// <inheritdoc cref="HubClient.JoinAsync"/>
    /// <exception cref="ArgumentException">The client belongs to another hub.</exception>
    public ValueTask<JoinResult> JoinAsync(HubClient client, CancellationToken cancellationToken = default)
    {
        ThrowIfForeign(client);
        return client.JoinAsync(Name, cancellationToken);
    }

    /// <inheritdoc cref="HubClient.LeaveAsync"/>
    /// <exception cref="ArgumentException">The client belongs to another hub.</exception>
    public ValueTask<bool> LeaveAsync(HubClient client, CancellationToken cancellationToken = default)
    {
        ThrowIfForeign(client);
        return client.LeaveAsync(Name, cancellationToken);
    }

    internal override Publication Publication => Hub.Bridge is { } bridge ? new(bridge, new ChannelScope(ScopeKind.Room, Name)) : default;

    private protected override MemberGroups FindGroups() => new(Hub.RoomTable.Find(Name));

    private void ThrowIfForeign(HubClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.Hub != Hub)
        {
            throw new ArgumentException("The client belongs to another hub.", nameof(client));
        }
    }
}
