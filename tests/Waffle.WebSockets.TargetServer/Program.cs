using Waffle.WebSockets;

// A server for outside conformance suites and load generators; CONTRIBUTING.md describes its endpoints.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.Configure<WebSocketEndpointOptions>(builder.Configuration.GetSection("WebSockets"));
builder.Services.AddWebSocketHub("broadcast");
ConnectWithOthers(builder.Services.AddWebSocketHub("rooms", static options => options.GapEvent = "gap"), builder.Configuration.GetSection("Backplane"));
var app = builder.Build();

var everybody = app.Services.GetRequiredKeyedService<WebSocketHub>("broadcast");
var rooms = app.Services.GetRequiredKeyedService<WebSocketHub>("rooms");

app.MapWebSocket("/echo", EchoAsync, AcceptNearlyAnything);
app.MapWebSocket("/echo-deflate", EchoAsync, options => Compress(options, MessageCompression.ContextTakeover));
app.MapWebSocket("/echo-deflate-fresh", EchoAsync, options => Compress(options, MessageCompression.NoContextTakeover));
app.MapWebSocket("/echo-default", EchoAsync);
app.MapWebSocketHub("/broadcast", (client, ct) => ForwardAsync(client, client.Hub, ct), options =>
{
    options.HubKey = "broadcast";
    options.DangerouslyAllowAnyOrigin = true;
});
app.MapWebSocketHub("/room", JoinAndForwardAsync, options =>
{
    options.HubKey = "rooms";
    options.ClientId = http => http.Request.Query["name"].ToString();
    options.DangerouslyAllowAnyOrigin = true;
});
app.MapGet("/stats", () => new { clients = everybody.Count + rooms.Count, rooms = rooms.RoomNames.Count });
app.MapGet("/everywhere", async (string room, CancellationToken ct) => await CountEverywhereAsync(rooms.Room(room), ct));

app.Run();

static void ConnectWithOthers(IWebSocketHubBuilder hub, IConfigurationSection settings)
{
    if (settings["Redis"] is { } redis)
    {
        hub.AddRedisBackplane(redis, settings.Bind);
    }
    else if (settings["Nats"] is { } nats)
    {
        hub.AddNatsBackplane(nats, settings.Bind);
    }
}

static void AcceptNearlyAnything(WebSocketEndpointOptions options)
{
    options.MaxMessageSize = 64 * 1024 * 1024;
    options.MaxFragments = 131_072;
    options.WriteTimeout = TimeSpan.Zero;
    options.UnreadLimit = TimeSpan.Zero;
    options.DangerouslyAllowAnyOrigin = true;
}

static void Compress(WebSocketEndpointOptions options, MessageCompression compression)
{
    AcceptNearlyAnything(options);
    options.Compression = compression;
    options.CompressionThreshold = 0;
}

static async Task EchoAsync(WebSocketConnection connection, CancellationToken cancellationToken)
{
    await foreach (var message in connection.ReadAllAsync(cancellationToken))
    {
        await connection.WriteAsync(message.Kind, message.Data, cancellationToken);
    }
}

static async Task<object> CountEverywhereAsync(BroadcastTarget room, CancellationToken cancellationToken)
{
    var count = await room.CountEverywhereAsync(cancellationToken);
    return new { members = count.Count, unanswered = count.Unanswered };
}

// The client's id is the name of its room.
static async Task JoinAndForwardAsync(HubClient client, CancellationToken cancellationToken)
{
    await client.JoinAsync(client.Id, cancellationToken);
    await ForwardAsync(client, client.Hub.Room(client.Id), cancellationToken);
}

static async Task ForwardAsync(HubClient client, BroadcastTarget target, CancellationToken cancellationToken)
{
    await foreach (var message in client.Connection.ReadAllAsync(cancellationToken))
    {
        await target.BroadcastAsync(
            message.Kind == MessageKind.Text ? PreparedMessage.Text(message.Data.Span) : PreparedMessage.Binary(message.Data.Span),
            default,
            cancellationToken);
    }
}
