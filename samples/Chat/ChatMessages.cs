namespace Chat;

// What clients send: {"type":"chat","payload":{"room":…,"text":…}}, {"type":"join_room","payload":{"room":…}}, and leave_room likewise.
internal sealed record ChatText(string? Room, string? Text);

internal sealed record RoomName(string? Room);

// What they get: chat messages; the events user_joined and user_left, room_state after each join, and rooms when they ask.
internal sealed record ChatMessage(string Id, string Room, string User, string Text, DateTimeOffset Time);

internal sealed record RoomUser(string Room, string User);

internal sealed record RoomState(string Room, IEnumerable<string> Users, IEnumerable<string> Rooms, IEnumerable<ChatMessage> Messages);

internal sealed record RoomSummary(string Name, int Users);

internal sealed record RoomList(IEnumerable<RoomSummary> Rooms);
