using System.Net;

namespace Waffle.WebSockets.Bench.Servers;

/// <summary>What the ASP.NET Core servers have in common: one address, no log, and a line that tells when they accept.</summary>
internal static class ServerHost
{
    /// <summary>Reads <c>--port N</c>.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, builder.Configuration.GetValue<int>("port")));

        // Connections are still open when the run is over.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder;
    }

    public static async Task RunAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }
}
