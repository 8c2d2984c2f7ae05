using Shared;
using Waffle.WebSockets;

var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.UseSamplePages();

app.MapWebSocket("/ws", async (connection, ct) =>
{
    // At its end the server says goodbye; without this it would wait for everybody to leave.
    using var goodbye = app.Lifetime.ApplicationStopping.Register(() => _ = connection.CloseAsync(CloseCode.GoingAway, string.Empty, ct));

    await foreach (var message in connection.ReadAllAsync(ct))
    {
        await connection.WriteAsync(message.Kind, message.Data, ct);
    }
});

app.Run();
