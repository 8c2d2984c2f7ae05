using System.Net.WebSockets;

namespace Waffle.WebSockets.BrowserTests.Chat;

/// <summary>Somebody who speaks the chat's protocol without a page.</summary>
internal sealed class ChatClient(ClientWebSocket socket) : SampleClient(socket)
{
    /// <summary>Connects; the events of joining "general" are still to be received.</summary>
    public static async Task<ChatClient> ConnectAsync(ChatServer server, string? user) =>
        new(await OpenAsync(server.UserAddress(user)));

    /// <summary>Connects and is in "general".</summary>
    public static async Task<ChatClient> EnterAsync(ChatServer server, string user)
    {
        var client = await ConnectAsync(server, user);
        await client.ReceiveAsync("room_state");
        return client;
    }

    /// <summary>Joins a room; returns its state.</summary>
    public async Task<Received> JoinAsync(string room)
    {
        await SendAsync("join_room", new { room });
        var state = await ReceiveAsync("room_state");
        Assert.Equal(room, state["room"]);
        return state;
    }

    /// <summary>Says something in a room; returns it as the server sent it to everybody.</summary>
    public async Task<Received> SayAsync(string room, string text)
    {
        await SendAsync("chat", new { room, text });
        return await ReceiveAsync("chat");
    }

    /// <summary>Everything that the server sent before it answered a question asked now, in order.</summary>
    public async Task<IReadOnlyList<Received>> ReceiveAllAsync()
    {
        await SendAsync("list_rooms", null);
        var all = new List<Received>();
        while (true)
        {
            var message = await ReceiveAsync();
            if (message.Kind == "rooms")
            {
                return all;
            }

            all.Add(message);
        }
    }
}
