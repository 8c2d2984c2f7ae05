using Chat;
using Shared;
using Waffle.WebSockets;

var builder = WebApplication.CreateBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ChatJson.Default));
builder.Services.AddSingleton<ChatRooms>();
builder.Services.AddWebSocketHub<ChatEvents>();

var app = builder.Build();
var rooms = app.Services.GetRequiredService<ChatRooms>();
app.UseSamplePages();

var router = new MessageRouter()
    .On<ChatText>("chat", (client, chat, ct) => rooms.PostAsync(client, chat.Room, chat.Text))
    .On<RoomName>("join_room", (client, join, ct) => rooms.JoinAsync(client, join.Room))
    .On<RoomName>("leave_room", (client, leave, ct) => rooms.LeaveAsync(client, leave.Room))
    .On("list_rooms", (client, message, ct) => rooms.ListAsync(client))
    .OnUnknown((client, message, ct) => throw new MessageRejectedException("unknown_type", "Nobody handles this type of message."));

app.MapWebSocketHub("/ws", router, options => options.ClientId = http => ChatNames.ReadUser(http.Request.Query["user"]));

app.Run();
