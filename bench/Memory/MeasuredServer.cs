namespace Waffle.WebSockets.Bench.Memory;

/// <summary>An echo in a process of its own, which tells how much memory it has.</summary>
internal static class MeasuredServer
{
    public static async Task RunAsync(MessageCompression compression)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapWebSocket("/echo", EchoAsync, options =>
        {
            options.Compression = compression;
            options.CompressionThreshold = 0;
            options.MaxMessageSize = 1024 * 1024;
            options.PingInterval = TimeSpan.Zero;
        });
        app.MapGet("/memory", MemoryUse.Look);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await app.WaitForShutdownAsync();
    }

    private static async Task EchoAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            await connection.WriteAsync(message.Kind, message.Data, cancellationToken);
        }
    }
}
