using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>Somebody who speaks the chat's protocol without a page. It reads at all times; what came waits to be looked at.</summary>
internal sealed class ChatClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly Task _reading;

    private ChatClient(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>The code of the server's goodbye.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Connects; the events of joining "general" are still to be received.</summary>
    public static async Task<ChatClient> ConnectAsync(ChatServer server, string? user)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(server.WebSocketAddress(user), CancellationToken.None).Soon();
        return new ChatClient(socket);
    }

    /// <summary>Connects and is in "general".</summary>
    public static async Task<ChatClient> EnterAsync(ChatServer server, string user)
    {
        var client = await ConnectAsync(server, user);
        await client.ReceiveAsync("room_state");
        return client;
    }

    public Task SendAsync(string json) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, CancellationToken.None).Soon();

    public Task SendAsync(string type, object? payload, string? id = null) =>
        SendAsync(JsonSerializer.Serialize(new { type, payload, id }));

    /// <summary>The next message.</summary>
    public async Task<Received> ReceiveAsync() => await _received.Reader.ReadAsync().Soon();

    /// <summary>The next message of this type or event of this name; those before it are passed over.</summary>
    public async Task<Received> ReceiveAsync(string kind)
    {
        while (true)
        {
            var message = await ReceiveAsync();
            if (message.Kind == kind)
            {
                return message;
            }
        }
    }

    /// <summary>Sends a request that is refused; returns the refusal.</summary>
    public async Task<Received> RefusedAsync(string type, object? payload)
    {
        var id = Guid.NewGuid().ToString();
        await SendAsync(type, payload, id);
        var error = await ReceiveAsync("error");
        Assert.Equal(id, error.Id);
        return error;
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

    /// <summary>Waits for the end of the connection.</summary>
    public Task EndAsync() => _reading.Soon();

    /// <summary>Says goodbye and waits until the server has done so too.</summary>
    public async Task CloseAsync()
    {
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Soon();
        await EndAsync();
    }

    /// <summary>Is gone without a word.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
            {
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    _received.Writer.TryWrite(Received.Parse(message.ToArray()));
                    message.SetLength(0);
                }
            }

            _received.Writer.TryComplete();
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            _received.Writer.TryComplete(error);
        }
    }
}
