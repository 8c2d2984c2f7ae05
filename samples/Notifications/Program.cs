using System.Text.Json;
using Notifications;
using Shared;
using Waffle.WebSockets;

var builder = WebApplication.CreateBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);

// A connection is open a moment before the hub knows it; from this event on nothing is missed.
builder.Services.AddWebSocketHub(hub => hub.OnConnected =
    async (client, ct) => await client.SendEventAsync("subscribed", new Subscription(client.Id), default, ct));

var app = builder.Build();
app.UseSamplePages();

// Whoever connects gets what is for everybody, and what is for this user. The sample believes the address; an application with accounts
// leaves ClientId alone, so that it is the name of the authenticated user, and adds .RequireAuthorization().
app.MapWebSocketHub("/ws/notifications", options => options.ClientId = http => http.Request.Query["user_id"]);

// curl -X POST http://localhost:5000/api/notify -H 'Content-Type: application/json' -d '{"title":"Hello","body":"to everybody"}'
app.MapPost("/api/notify", async (HttpRequest http, WebSocketHub hub, CancellationToken ct) =>
{
    var (order, problem) = await NotifyOrder.ReadAsync(http, ct);
    if (order is null)
    {
        return problem!;
    }

    var notification = new Notification(Guid.CreateVersion7().ToString(), order.Title!, order.Body ?? string.Empty, DateTimeOffset.UtcNow);
    BroadcastTarget receivers = string.IsNullOrEmpty(order.UserId) ? hub : hub.User(order.UserId);
    var result = await receivers.BroadcastEventAsync("notification", notification, default, ct);
    return Results.Ok(new Delivery(notification.Id, result.Targeted, result.Queued, result.Dropped, result.Closed));
});

app.Run();
