using Shared;
using Waffle.WebSockets;

namespace Chat;

/// <summary>All rooms. One step at a time, so that what a room remembers and what its members are told never differ; no step waits for a client.</summary>
internal sealed class ChatRooms : IDisposable
{
    private const int MaxRooms = 1_000;

    private readonly SortedDictionary<string, ChatRoom> _rooms = new(StringComparer.Ordinal);
    private readonly OneAtATime _steps = new();

    public Task JoinAsync(HubClient client, string? roomName) => _steps.RunAsync(async () =>
    {
        var name = ChatNames.CheckRoom(roomName);
        if (!_rooms.ContainsKey(name) && _rooms.Count >= MaxRooms)
        {
            throw new MessageRejectedException("too_many_rooms", "There are as many rooms as there may be.");
        }

        var result = await client.JoinAsync(name);
        if (result == JoinResult.LimitReached)
        {
            throw new MessageRejectedException("too_many_rooms", "You are in as many rooms as you may be.");
        }

        if (result == JoinResult.Joined)
        {
            if (!_rooms.TryGetValue(name, out var joined))
            {
                _rooms[name] = joined = new ChatRoom();
            }

            if (joined.AddTab(client.Id))
            {
                await client.Hub.Room(name).BroadcastEventAsync("user_joined", new RoomUser(name, client.Id));
            }
        }

        if (_rooms.TryGetValue(name, out var room))
        {
            await client.SendEventAsync("room_state", new RoomState(name, room.Users, _rooms.Keys, room.Messages));
        }
    });

    public Task LeaveAsync(HubClient client, string? roomName) => _steps.RunAsync(async () =>
    {
        var name = ChatNames.CheckRoom(roomName);
        if (!await client.LeaveAsync(name))
        {
            throw new MessageRejectedException("not_a_member", $"You are not in {name}.");
        }

        await RemoveTabAsync(client, name);
    });

    public Task PostAsync(HubClient client, string? roomName, string? text) => _steps.RunAsync(async () =>
    {
        var name = ChatNames.CheckRoom(roomName);
        if (!client.IsIn(name) || !_rooms.TryGetValue(name, out var room))
        {
            throw new MessageRejectedException("not_a_member", $"Join {name} first.");
        }

        var message = new ChatMessage(
            Guid.CreateVersion7().ToString(), name, client.Id, ChatNames.CheckText(text), DateTimeOffset.UtcNow);
        room.Add(message);
        await client.Hub.Room(name).BroadcastTypedMessageAsync("chat", message);
    });

    public Task ListAsync(HubClient client) => _steps.RunAsync(async () => await client.SendEventAsync(
        "rooms", new RoomList(_rooms.Select(room => new RoomSummary(room.Key, room.Value.Users.Count)))));

    /// <summary>The client is gone; it was in these rooms.</summary>
    public Task RemoveAsync(HubClient client, IEnumerable<string> names) => _steps.RunAsync(async () =>
    {
        foreach (var name in names)
        {
            await RemoveTabAsync(client, name);
        }
    });

    public void Dispose() => _steps.Dispose();

    private async Task RemoveTabAsync(HubClient client, string name)
    {
        var room = _rooms[name];
        if (room.RemoveTab(client.Id))
        {
            await client.Hub.Room(name).BroadcastEventAsync("user_left", new RoomUser(name, client.Id));
        }

        if (room.Users.Count == 0)
        {
            _rooms.Remove(name);
        }
    }
}
