using Shared;
using Waffle.WebSockets;

namespace Chat;

/// <summary>
/// All rooms of this server. One step at a time, so that what a room remembers and what its members are told never differ; no step waits for a
/// client, or for another server.
/// </summary>
internal sealed class ChatRooms(ChatServer server) : IDisposable
{
    private const int MaxRooms = 1_000;

    private static readonly Task<ClusterMembers> _nobody = Task.FromResult(new ClusterMembers([], TimeSpan.Zero, [], IsComplete: true));

    private readonly SortedDictionary<string, ChatRoom> _rooms = new(StringComparer.Ordinal);
    private readonly OneAtATime _steps = new();

    public async Task JoinAsync(HubClient client, string? roomName)
    {
        var name = ChatNames.CheckRoom(roomName);
        var joining = Task.FromResult(JoinResult.Closed);
        var everywhere = _nobody;
        IReadOnlyCollection<ChatMessage> messages = [];
        await _steps.RunAsync(async () =>
        {
            if (!_rooms.ContainsKey(name) && _rooms.Count >= MaxRooms)
            {
                throw new MessageRejectedException("too_many_rooms", "There are as many rooms as there may be.");
            }

            // One that is still under way has joined already, and waits only until what is said elsewhere arrives.
            joining = client.JoinAsync(name).AsTask();
            var result = joining.IsCompleted ? await joining : JoinResult.Joined;
            if (result == JoinResult.LimitReached)
            {
                throw new MessageRejectedException("too_many_rooms", "You are in as many rooms as you may be.");
            }

            if (result == JoinResult.Joined)
            {
                await AddTabAsync(client, name);
            }

            if (_rooms.TryGetValue(name, out var room))
            {
                (messages, everywhere) = ([.. room.Messages], AskAsync(room));
            }
        });
        await joining;
        await TellStateAsync(client, name, messages, await everywhere);
    }

    public async Task LeaveAsync(HubClient client, string? roomName)
    {
        var name = ChatNames.CheckRoom(roomName);
        if (!await client.LeaveAsync(name))
        {
            throw new MessageRejectedException("not_a_member", $"You are not in {name}.");
        }

        await RemoveAsync(client, [name]);
    }

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
        var result = await client.Hub.Room(name).BroadcastTypedMessageAsync("chat", message);
        if (result.Published == PublishStatus.Failed)
        {
            await client.SendEventAsync("room_is_cut_off", new RoomName(name));
        }
    });

    public Task ListAsync(HubClient client) => _steps.RunAsync(async () => await client.SendEventAsync("rooms", ListRooms()));

    /// <summary>Tells everybody on all servers which rooms there are here.</summary>
    public Task AnnounceAsync(WebSocketHub hub) => _steps.RunAsync(async () => await hub.BroadcastEventAsync("rooms_of_server", ListRooms()));

    /// <summary>Tells who is in a room, on all servers.</summary>
    public async Task ListPeopleAsync(HubClient client, string? roomName)
    {
        var name = ChatNames.CheckRoom(roomName);
        var everywhere = _nobody;
        await _steps.RunAsync(() =>
        {
            everywhere = client.IsIn(name) && _rooms.TryGetValue(name, out var room)
                ? AskAsync(room)
                : throw new MessageRejectedException("not_a_member", $"Join {name} first.");
            return Task.CompletedTask;
        });
        var members = await everywhere;
        await _steps.RunAsync(async () =>
        {
            if (_rooms.TryGetValue(name, out var room))
            {
                await client.SendEventAsync("people", new RoomPeople(name, Users(room, members), IsUncertain: !members.IsComplete));
            }
        });
    }

    /// <summary>The client is not in these rooms any more.</summary>
    public async Task RemoveAsync(HubClient client, IReadOnlyCollection<string> names)
    {
        var left = new List<(string Room, Task<ClusterMembers> Everywhere)>();
        await _steps.RunAsync(() =>
        {
            foreach (var name in names)
            {
                var room = _rooms[name];
                if (room.RemoveTab(client.Id))
                {
                    left.Add((name, AskAsync(room)));
                }

                if (room.Users.Count == 0)
                {
                    _rooms.Remove(name);
                }
            }

            return Task.CompletedTask;
        });
        foreach (var (name, everywhere) in left)
        {
            await TellLeftAsync(client, name, await everywhere);
        }
    }

    public void Dispose() => _steps.Dispose();

    private async Task AddTabAsync(HubClient client, string name)
    {
        if (!_rooms.TryGetValue(name, out var room))
        {
            _rooms[name] = room = new ChatRoom(client.Hub.Room(name));
        }

        if (room.AddTab(client.Id))
        {
            await client.Hub.Room(name).BroadcastEventAsync("user_joined", new RoomUser(name, client.Id));
        }
    }

    private Task TellStateAsync(HubClient client, string name, IReadOnlyCollection<ChatMessage> messages, ClusterMembers everywhere) =>
        _steps.RunAsync(async () =>
        {
            if (_rooms.TryGetValue(name, out var room))
            {
                await client.SendEventAsync("room_state", new RoomState(
                    name,
                    Users(room, everywhere),
                    _rooms.Keys,
                    messages,
                    server.Name,
                    IsElsewhereToo: everywhere.Unanswered.Count > 0 || everywhere.Members.Any(server.IsElsewhere),
                    IsUncertain: !everywhere.IsComplete));
            }
        });

    // Unless the user has other tabs, here or elsewhere.
    private Task TellLeftAsync(HubClient client, string name, ClusterMembers everywhere) => _steps.RunAsync(async () =>
    {
        if (!(_rooms.GetValueOrDefault(name)?.Has(client.Id) ?? false)
            && !everywhere.Members.Any(member => server.IsElsewhere(member) && member.ClientId == client.Id))
        {
            await client.Hub.Room(name).BroadcastEventAsync("user_left", new RoomUser(name, client.Id));
        }
    });

    private Task<ClusterMembers> AskAsync(ChatRoom room) => server.Name is null ? _nobody : room.AskEverywhereAsync();

    private IEnumerable<string> Users(ChatRoom room, ClusterMembers everywhere) => room.Users
        .Concat(everywhere.Members.Where(server.IsElsewhere).Select(member => member.ClientId))
        .Distinct()
        .Order(StringComparer.Ordinal);

    private RoomList ListRooms() => new(_rooms.Select(room => new RoomSummary(room.Key, room.Value.Users.Count)), server.Name);
}
