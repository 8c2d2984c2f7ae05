using Chat;
using Shared;
using Waffle.WebSockets;

if (args.Contains("--help"))
{
    Console.WriteLine(ChatCommand.Help);
    return 0;
}

ChatCommand command;
try
{
    command = ChatCommand.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message} Try --help.");
    return 2;
}

var builder = WebApplication.CreateBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ChatJson.Default));
builder.Services.AddSingleton<ChatRooms>();
var hub = builder.Services.AddWebSocketHub<ChatEvents>(options => options.GapEvent = "gap");
builder.Services.AddSingleton(ChatServer.Connect(hub, command));

var app = builder.Build();
var rooms = app.Services.GetRequiredService<ChatRooms>();
app.UseSamplePages();

var router = new MessageRouter()
    .On<ChatText>("chat", (client, chat, ct) => rooms.PostAsync(client, chat.Room, chat.Text))
    .On<RoomName>("join_room", (client, join, ct) => rooms.JoinAsync(client, join.Room))
    .On<RoomName>("leave_room", (client, leave, ct) => rooms.LeaveAsync(client, leave.Room))
    .On("list_rooms", (client, message, ct) => rooms.ListAsync(client))
    .On<RoomName>("list_people", (client, list, ct) => rooms.ListPeopleAsync(client, list.Room), new() { MaxConcurrency = 2 })
    .OnUnknown((client, message, ct) => throw new MessageRejectedException("unknown_type", "Nobody handles this type of message."));

app.MapWebSocketHub("/ws", router, options => options.ClientId = http => ChatNames.ReadUser(http.Request.Query["user"]));

app.Run();
return 0;
