using System.Net.WebSockets;
using Waffle.WebSockets.Bench.Servers;
using Waffle.WebSockets.Bench.SystemNet;

// A hub on System.Net.WebSockets, without a library in between: SystemNet --port N
var app = ServerHost.CreateBuilder(args).Build();
app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });

var rooms = new RoomTable();
var plain = new WebSocketAcceptContext();
var compressed = new WebSocketAcceptContext
{
    DangerousEnableCompression = true,
    DisableServerContextTakeover = true,
    KeepAliveInterval = TimeSpan.Zero,
};
app.MapGet("/echo", http => AcceptAsync(http, plain, EchoAsync));
app.MapGet("/idle", http => AcceptAsync(http, plain, ReadAsync));
app.MapGet("/room/{name}", http => AcceptAsync(http, plain, TakePartAsync));
app.MapGet("/deflate/room/{name}", http => AcceptAsync(http, compressed, TakePartAsync));

await ServerHost.RunAsync(app);

static async Task AcceptAsync(HttpContext http, WebSocketAcceptContext options, Func<HttpContext, MessageReader, Task> serveAsync)
{
    if (!http.WebSockets.IsWebSocketRequest)
    {
        http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        return;
    }

    using var socket = await http.WebSockets.AcceptWebSocketAsync(options);
    using var reader = new MessageReader(socket);
    try
    {
        await serveAsync(http, reader);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
    catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
    {
        // The client is gone.
    }
}

static async Task EchoAsync(HttpContext http, MessageReader reader)
{
    while (await reader.ReadAsync())
    {
        await reader.Socket.SendAsync(reader.Message, reader.Kind, endOfMessage: true, CancellationToken.None);
    }
}

static async Task ReadAsync(HttpContext http, MessageReader reader)
{
    while (await reader.ReadAsync())
    {
        // Nobody asked for an answer.
    }
}

async Task TakePartAsync(HttpContext http, MessageReader reader)
{
    var room = rooms.GetOrAdd((string)http.GetRouteValue("name")!);
    await using var member = new Member(reader.Socket);
    room.Add(member);
    try
    {
        while (await reader.ReadAsync())
        {
            room.Broadcast(new Message(reader.Message.ToArray(), reader.Kind));
        }
    }
    finally
    {
        room.Remove(member);
    }
}
