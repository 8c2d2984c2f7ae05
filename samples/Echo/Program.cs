using Shared;

var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.UseSamplePages();

app.MapWebSocket("/ws", async (connection, ct) =>
{
    await foreach (var message in connection.ReadAllAsync(ct))
    {
        await connection.WriteAsync(message.Kind, message.Data, ct);
    }
});

app.Run();
