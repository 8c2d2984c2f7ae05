using System.Text.Json;
using GameLobby;
using Shared;
using Waffle.WebSockets;

var builder = WebApplication.CreateBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
builder.Services.AddWebSocketHub<Lobby>();

var app = builder.Build();
app.UseSamplePages();

var lobby = app.Services.GetRequiredService<Lobby>();
var router = new MessageRouter()
    .On<GameName>("join_game", (player, join, ct) => lobby.JoinGameAsync(player, join.GameId))
    .On("leave_game", (player, message, ct) => lobby.LeaveGameAsync(player))
    .On("game_action", (player, message, ct) => Lobby.ActAsync(player, message))
    .On<ChatText>("chat", (player, chat, ct) => Lobby.SayAsync(player, chat.Text))
    .OnUnknown((player, message, ct) => throw new MessageRejectedException("unknown_command", $"unknown command: {message.Type}"));

app.MapWebSocketHub("/ws/game", router, options => options.ClientId = http => http.Request.Query["player_id"]);

app.Run();
