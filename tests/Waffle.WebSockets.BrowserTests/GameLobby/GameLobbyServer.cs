namespace Waffle.WebSockets.BrowserTests.GameLobby;

/// <summary>The game lobby sample.</summary>
public sealed class GameLobbyServer() : SampleServer("GameLobby")
{
    /// <summary>Where a player plays.</summary>
    public Uri PlayerAddress(string player) => WebSocketAddress($"/ws/game?player_id={Uri.EscapeDataString(player)}");

    /// <summary>Connects a player who is in the lobby, alone or not.</summary>
    internal async Task<SampleClient> EnterAsync(string player)
    {
        var client = await SampleClient.ConnectAsync(PlayerAddress(player));
        await client.ReceiveAsync("lobby");
        return client;
    }

    /// <summary>Connects a player who joins a game.</summary>
    internal async Task<SampleClient> PlayAsync(string player, string game)
    {
        var client = await EnterAsync(player);
        await client.SendAsync("join_game", new { game_id = game });
        await client.ReceiveAsync("joined");
        return client;
    }

    /// <summary>Waits until nobody is there.</summary>
    public override async Task BecomeFreshAsync()
    {
        await base.BecomeFreshAsync();
        await using var observer = await SampleClient.ConnectAsync(PlayerAddress("observer"));
        for (Received lobby; ;)
        {
            lobby = await observer.ReceiveAsync("lobby");
            if (lobby.List("players").Length == 1 && lobby.Body.GetProperty("games").GetArrayLength() == 0)
            {
                return;
            }
        }
    }
}
