using System.Text.Json.Serialization;
using Waffle.WebSockets;

namespace GameLobby;

// What players send: {"type":"join_game","payload":{"game_id":…}}, {"type":"leave_game"}, {"type":"chat","payload":{"text":…}}, and
// {"type":"game_action","payload":…} with whatever the game needs.
internal sealed record GameName(string? GameId);

internal sealed record ChatText(string? Text);

// What they get: {"type":"joined","payload":{"game_id":…}}; the messages below as they stand; the events "lobby" and "game".
internal sealed record PlayerNews(string Type, string Player);

internal sealed record ChatLine(string Player, string Text);

/// <summary>A player's action as it was sent, and whose it is: that is for the server to say.</summary>
internal sealed record GameAction(
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RawJson? Payload,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id,
    string Player);

internal sealed record GameState(string GameId, IEnumerable<string> Players);

internal sealed record LobbyState(IEnumerable<string> Players, IEnumerable<GameState> Games, int PlayersPerGame);
