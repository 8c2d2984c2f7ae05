using Waffle.WebSockets;
using Waffle.WebSockets.Bench.Servers;

// The library as an application uses it: an echo, rooms of a hub, and rooms whose messages are compressed; with --redis or
// --nats and an address, rooms that other servers are in as well.
var builder = ServerHost.CreateBuilder(args);
var hubBuilder = builder.Services.AddWebSocketHub();
if (builder.Configuration["redis"] is { } redis)
{
    hubBuilder.AddRedisBackplane(redis);
}

if (builder.Configuration["nats"] is { } nats)
{
    hubBuilder.AddNatsBackplane($"nats://{nats}");
}

builder.Services.Configure<WebSocketEndpointOptions>(options =>
{
    options.MaxMessageSize = 1024 * 1024;
    options.PingInterval = TimeSpan.Zero;
});

var app = builder.Build();
var hub = app.Services.GetRequiredService<WebSocketHub>();

app.MapWebSocket("/echo", async (connection, ct) =>
{
    await foreach (var message in connection.ReadAllAsync(ct))
    {
        await connection.WriteAsync(message.Kind, message.Data, ct);
    }
});
app.MapWebSocket("/idle", async (connection, ct) =>
{
    await foreach (var _ in connection.ReadAllAsync(ct))
    {
    }
});
app.MapWebSocket("/room/{name}", ShareAsync);
app.MapWebSocket("/deflate/room/{name}", ShareAsync, options =>
{
    options.Compression = MessageCompression.NoContextTakeover;
    options.CompressionThreshold = 0;
});

await ServerHost.RunAsync(app);

// Each message goes to everybody in the room, its sender included.
// Who reads too slowly is disconnected once 1 MiB waits, as is the default.
async Task ShareAsync(HttpContext http, WebSocketConnection connection, CancellationToken ct)
{
    var room = hub.Room((string)http.GetRouteValue("name")!);
    var client = await hub.AddAsync(connection, cancellationToken: ct);
    await room.JoinAsync(client, ct);
    await foreach (var message in connection.ReadAllAsync(ct))
    {
        var data = message.Data.Span;
        var prepared = message.Kind == MessageKind.Text ? PreparedMessage.Text(data) : PreparedMessage.Binary(data);
        await room.BroadcastAsync(prepared, cancellationToken: ct);
    }
}
