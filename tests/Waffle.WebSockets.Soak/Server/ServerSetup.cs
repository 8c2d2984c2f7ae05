using Waffle.WebSockets.Soak.Report;

namespace Waffle.WebSockets.Soak.Server;

/// <summary>What a server is told by the process that starts it.</summary>
/// <param name="Name">Its name among the others.</param>
/// <param name="Backplane">What connects it with them.</param>
/// <param name="Engine">Where that is.</param>
internal sealed record ServerSetup(string Name, SoakBackplane Backplane = SoakBackplane.None, string Engine = "")
{
    /// <summary>What the program is called with to be a server.</summary>
    public const string Argument = "serve";

    public string[] ToArguments() => [Argument, Name, $"{Backplane}", Engine];

    /// <summary>The setup, or <see langword="null"/> if the program is not to be a server.</summary>
    public static ServerSetup? Parse(string[] arguments) => arguments is [Argument, var name, var backplane, var engine]
        ? new ServerSetup(name, Enum.Parse<SoakBackplane>(backplane), engine)
        : null;

    public void Connect(IWebSocketHubBuilder hub)
    {
        switch (Backplane)
        {
            case SoakBackplane.Redis:
                hub.AddRedisBackplane(Engine, Configure);
                break;
            case SoakBackplane.Nats:
                hub.AddNatsBackplane(Engine, Configure);
                break;
            default:
                break;
        }
    }

    private void Configure(BackplaneOptions options) => options.ServerName = Name;
}
