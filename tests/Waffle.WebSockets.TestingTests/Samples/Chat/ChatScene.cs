extern alias chat;

using System.Text.Json;
using Microsoft.AspNetCore.TestHost;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Samples.Chat;

/// <summary>The chat sample, and those who chat.</summary>
public abstract class ChatScene : IAsyncDisposable
{
    private readonly SampleFactory<chat::Program> _chat = new();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _chat.DisposeAsync();
    }

    /// <summary>Connects; the events of joining "general" are still to be received.</summary>
    protected Task<WebSocketTestClient> ConnectAsync(string? user) =>
        _chat.Server.ConnectWebSocketAsync(user is null ? "/ws" : $"/ws?user={Uri.EscapeDataString(user)}");

    /// <summary>Connects and is in "general".</summary>
    protected async Task<WebSocketTestClient> EnterAsync(string user)
    {
        var client = await ConnectAsync(user);
        await client.ReceiveAllAsync();
        return client;
    }

    /// <summary>Joins a room; returns its state.</summary>
    protected static async Task<RoomState> JoinAsync(WebSocketTestClient client, string room)
    {
        await client.SendMessageAsync("join_room", new { room });
        var state = await client.ReceiveEventAsync<RoomState>("room_state");
        Assert.Equal(room, state.Room);
        return state;
    }

    /// <summary>Leaves a room; returns when the server is done with that.</summary>
    protected static async Task LeaveAsync(WebSocketTestClient client, string room)
    {
        await client.SendMessageAsync("leave_room", new { room });
        await ListRoomsAsync(client);
    }

    /// <summary>Says something in a room; returns it as the server sent it to everybody.</summary>
    protected static async Task<Message> SayAsync(WebSocketTestClient client, string room, string text)
    {
        await client.SendMessageAsync("chat", new { room, text });
        return await client.ReceiveMessageAsync<Message>("chat");
    }

    /// <summary>The rooms there are, with their number of people.</summary>
    protected static async Task<string> ListRoomsAsync(WebSocketTestClient client)
    {
        await client.SendMessageAsync("list_rooms");
        return (await client.ReceiveEventAsync<JsonElement>("rooms")).GetProperty("rooms").GetRawText();
    }

    /// <summary>What kinds of messages have come.</summary>
    protected static async Task<IEnumerable<string>> ReceiveKindsAsync(WebSocketTestClient client) =>
        (await client.ReceiveAllAsync()).Select(message => message.Typed?.Type ?? message.Event!.Name);

    protected sealed record Message(string Id, string Room, string User, string Text);

    protected sealed record RoomState(string Room, string[] Users, string[] Rooms, Message[] Messages);

    protected sealed record RoomUser(string Room, string User);
}
