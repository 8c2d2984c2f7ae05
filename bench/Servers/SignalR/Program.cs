using Microsoft.AspNetCore.Http.Connections;
using Waffle.WebSockets.Bench.Servers;
using Waffle.WebSockets.Bench.SignalR;
using WebSocketOptions = Microsoft.AspNetCore.Builder.WebSocketOptions;

// SignalR with both of its protocols, over WebSockets only and without negotiation: SignalR --port N
// With --redis and an address, groups that other servers are in as well; with --protocol and a name, that one only.
var builder = ServerHost.CreateBuilder(args);
builder.Services.Configure<WebSocketOptions>(options => options.KeepAliveInterval = TimeSpan.Zero);
var signalR = builder.Services
    .AddSignalR(options =>
    {
        // No ping during a run, and none expected.
        options.KeepAliveInterval = TimeSpan.FromHours(1);
        options.ClientTimeoutInterval = TimeSpan.FromHours(2);
        options.MaximumReceiveMessageSize = null;
        if (builder.Configuration["protocol"] is { } protocol)
        {
            options.SupportedProtocols = [protocol];
        }
    })
    .AddMessagePackProtocol();
if (builder.Configuration["redis"] is { } redis)
{
    signalR.AddStackExchangeRedis(redis);
}

var app = builder.Build();
app.MapHub<EchoHub>("/echo", UseWebSocketsOnly);
app.MapHub<EchoHub>("/idle", UseWebSocketsOnly);
app.MapHub<RoomHub>("/room/{name}", UseWebSocketsOnly);

await ServerHost.RunAsync(app);

static void UseWebSocketsOnly(HttpConnectionDispatcherOptions options)
{
    options.Transports = HttpTransportType.WebSockets;
    options.WebSockets.CloseTimeout = TimeSpan.FromSeconds(1);
}
