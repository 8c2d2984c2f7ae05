using System.Text.Json.Serialization;

namespace Chat;

// What clients send: {"type":"chat","payload":{"room":…,"text":…}}, {"type":"join_room","payload":{"room":…}}, and leave_room likewise;
// where there are several servers also list_people.
internal sealed record ChatText(string? Room, string? Text);

internal sealed record RoomName(string? Room);

// What they get: chat messages; the events user_joined and user_left, room_state after each join, and rooms when they ask.
internal sealed record ChatMessage(string Id, string Room, string User, string Text, DateTimeOffset Time);

internal sealed record RoomUser(string Room, string User);

internal sealed record RoomState(
    string Room,
    IEnumerable<string> Users,
    IEnumerable<string> Rooms,
    IEnumerable<ChatMessage> Messages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Server,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsElsewhereToo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsUncertain);

internal sealed record RoomSummary(string Name, int Users);

internal sealed record RoomList(
    IEnumerable<RoomSummary> Rooms, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Server);

// Where there are several servers they also get people when they ask who is in a room, rooms_of_server from each server now and then,
// room_is_cut_off when what they have written reaches this server's people only, and gap when something of other servers may be missing.
internal sealed record RoomPeople(string Room, IEnumerable<string> Users, bool IsUncertain);
