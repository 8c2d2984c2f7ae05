using System.Net;
using System.Text.Json.Serialization;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Soak.Server;

/// <summary>
/// The server: ordinary limits for those who keep to the rules; for others, times that are short enough to be over often. With small
/// socket buffers, so that who does not read is noticed.
/// </summary>
internal static class SoakServer
{
    public static async Task RunAsync(ServerSetup setup)
    {
        var faults = new FaultWatch();
        faults.Start();
        await using var app = Build(faults, setup);
        MapHub(app, SoakRouter.Create(app.Services.GetRequiredService<Targets>()));
        app.MapGet("/figures", (FiguresReader figures) => figures.Read());
        await app.StartAsync();
        Console.WriteLine($"Now listening on: {app.Urls.Single()}");
        await app.WaitForShutdownAsync();
    }

    private static WebApplication Build(FaultWatch faults, ServerSetup setup)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1";
        builder.Logging.ClearProviders().AddProvider(faults).SetMinimumLevel(LogLevel.Warning);
        builder.UseSmallSendBuffers();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        AddServices(builder.Services, faults, setup);
        return builder.Build();
    }

    private static void AddServices(IServiceCollection services, FaultWatch faults, ServerSetup setup)
    {
        services.AddSingleton<IHostLifetime, ParentBoundLifetime>();
        services.AddSingleton(faults);
        services.AddSingleton(setup);
        services.AddSingleton<EndCounts>();
        services.AddSingleton<Targets>();
        services.AddSingleton<Broadcaster>();
        services.AddHostedService(provider => provider.GetRequiredService<Broadcaster>());
        services.AddSingleton<FiguresReader>();
        setup.Connect(services.AddWebSocketHub<SoakEvents>(static options => options.GapEvent = SoakPaths.GapEvent));
        services.Configure<WebSocketEndpointOptions>(options =>
        {
            // Who keeps to the rules must not end by time, even where other work leaves the machine no time for the clients. Nor must a client
            // find several pings before the server's Close: .NET's answers each first, and fails where the server is gone by then.
            options.PingInterval = TimeSpan.FromSeconds(15);
            options.PongTimeout = options.WriteTimeout = options.CloseTimeout = TimeSpan.FromSeconds(30);
        });
    }

    private static void MapHub(WebApplication app, MessageRouter router)
    {
        Map(SoakPaths.Plain, static _ => { });
        Map(SoakPaths.Fresh, static options => options.Compression = MessageCompression.NoContextTakeover);
        Map(SoakPaths.Takeover, static options => options.Compression = MessageCompression.ContextTakeover);
        Map(SoakPaths.Short, Shorten);
        Map(SoakPaths.Tight, static options =>
        {
            Shorten(options);
            options.SendQueueMaxBytes = 32 * 1024;
        });
        Map(SoakPaths.Lossy, static options =>
        {
            Shorten(options);
            options.SendQueueMaxBytes = 32 * 1024;
            options.WhenQueueFull = QueueFullPolicy.DropOldest;
        });

        void Map(string path, Action<WebSocketHubEndpointOptions> configure) => app.MapWebSocketHub(path, router, options =>
        {
            options.ClientId = static http => http.Request.Query["id"];
            configure(options);
        });
    }

    private static void Shorten(WebSocketHubEndpointOptions options)
    {
        options.Compression = MessageCompression.ContextTakeover;
        options.PingInterval = TimeSpan.FromSeconds(2);
        options.PongTimeout = TimeSpan.FromSeconds(8);
        options.ReadTimeout = TimeSpan.FromSeconds(15);
        options.MessageTimeout = TimeSpan.FromSeconds(8);
        options.UnreadLimit = TimeSpan.FromSeconds(5);
        options.WriteTimeout = TimeSpan.FromSeconds(5);
        options.CloseTimeout = TimeSpan.FromSeconds(3);
    }
}
