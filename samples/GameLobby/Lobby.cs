using System.Text.Json;
using Shared;
using Waffle.WebSockets;

namespace GameLobby;

/// <summary>
/// Who is where: a player is in the lobby or in one game. Nothing is kept but the hub's rooms. Players move one at a time, so that the
/// newest state is sent last.
/// </summary>
internal sealed class Lobby : IHubEvents, IDisposable
{
    private const string LobbyRoom = "lobby";
    private const string GamePrefix = "game:";
    private const int MaxGames = 100;
    private const int MaxPlayers = 4;
    private const int MaxGameIdLength = 32;
    private const int MaxTextLength = 500;

    private readonly OneAtATime _moves = new();

    public Task OnConnectedAsync(HubClient client, CancellationToken cancellationToken) =>
        _moves.RunAsync(() => MoveAsync(client, LobbyRoom));

    public Task OnDisconnectedAsync(HubClient client, HubDisconnect disconnect) => _moves.RunAsync(async () =>
    {
        foreach (var name in disconnect.RoomNames)
        {
            await TellLeftAsync(client, name);
        }

        await TellLobbyAsync(client.Hub);
    });

    /// <summary>The join policy: there are no rooms but the lobby and the games, and those have a name and a limit.</summary>
    public ValueTask<bool> OnJoiningAsync(HubClient client, string room, CancellationToken cancellationToken)
    {
        var players = client.Hub.Room(room).Count;
        return ValueTask.FromResult(room == LobbyRoom || (
            IsGame(room)
            && room.Length - GamePrefix.Length is > 0 and <= MaxGameIdLength
            && (players > 0 || Games(client.Hub).Count() < MaxGames)
            && players < MaxPlayers));
    }

    public Task JoinGameAsync(HubClient player, string? gameId) => _moves.RunAsync(async () =>
    {
        if (await MoveAsync(player, GamePrefix + gameId) == JoinResult.Refused)
        {
            throw new MessageRejectedException(
                "game_refused",
                $"A game has a name of at most {MaxGameIdLength} characters and at most {MaxPlayers} players; at most {MaxGames} games can be on.");
        }

        await player.SendTypedMessageAsync("joined", new GameName(gameId));
    });

    public Task LeaveGameAsync(HubClient player) => _moves.RunAsync(() => MoveAsync(player, LobbyRoom));

    /// <summary>Hands a player's action to everybody in the game. What it means is for the game to know.</summary>
    public static async Task ActAsync(HubClient player, TypedMessage message)
    {
        var game = player.Rooms.FirstOrDefault(room => IsGame(room.Name))
            ?? throw new MessageRejectedException("not_in_game", "Join a game first.");
        if (NamedGame(message) is { } named && GamePrefix + named != game.Name)
        {
            throw new MessageRejectedException("not_in_game", $"You are not in the game {named}.");
        }

        var payload = message.Payload.IsAbsent ? (RawJson?)null : message.Payload;
        await game.BroadcastJsonAsync(new GameAction(message.Type, payload, message.Id, player.Id));
    }

    public static async Task SayAsync(HubClient player, string? text)
    {
        if (text is not { Length: > 0 and <= MaxTextLength })
        {
            throw new MessageRejectedException("invalid_text", $"A text has 1 to {MaxTextLength} characters.");
        }

        foreach (var room in player.Rooms)
        {
            await room.BroadcastJsonAsync(new ChatLine(player.Id, text));
        }
    }

    public void Dispose() => _moves.Dispose();

    private static async Task<JoinResult> MoveAsync(HubClient player, string to)
    {
        var from = player.Rooms;
        var result = await player.JoinAsync(to);
        if (result == JoinResult.Joined)
        {
            foreach (var room in from)
            {
                await room.LeaveAsync(player);
                await TellLeftAsync(player, room.Name);
            }

            await TellJoinedAsync(player, to);
            await TellLobbyAsync(player.Hub);
        }

        return result;
    }

    private static async Task TellJoinedAsync(HubClient player, string name)
    {
        if (IsGame(name))
        {
            var game = player.Hub.Room(name);
            await game.BroadcastJsonAsync(new PlayerNews("player_joined", player.Id), new SendOptions { Except = player });
            await game.BroadcastEventAsync("game", State(game));
        }
    }

    private static async Task TellLeftAsync(HubClient player, string name)
    {
        if (IsGame(name))
        {
            var game = player.Hub.Room(name);
            await game.BroadcastJsonAsync(new PlayerNews("player_left", player.Id));
            await game.BroadcastEventAsync("game", State(game));
        }
    }

    // With a key: where an older state still waits to be sent, the newer one takes its place.
    private static async Task TellLobbyAsync(WebSocketHub hub) => await hub.Room(LobbyRoom).BroadcastEventAsync(
        "lobby", new LobbyState(Players(hub.Room(LobbyRoom)), Games(hub).Select(State), MaxPlayers), new SendOptions { Key = "lobby" });

    private static GameState State(HubRoom game) => new(GameId(game.Name), Players(game));

    private static IEnumerable<string> Players(HubRoom room) =>
        room.Members.Select(player => player.Id).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<HubRoom> Games(WebSocketHub hub) =>
        hub.RoomNames.Where(IsGame).Order(StringComparer.Ordinal).Select(hub.Room);

    private static bool IsGame(string room) => room.StartsWith(GamePrefix, StringComparison.Ordinal);

    private static string GameId(string room) => room[GamePrefix.Length..];

    private static string? NamedGame(TypedMessage message) =>
        message.Payload.AsElement().ValueKind == JsonValueKind.Object ? message.GetPayload<GameName>()!.GameId : null;
}
