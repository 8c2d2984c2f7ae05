using Waffle.WebSockets;

namespace Chat;

/// <summary>This server among those that the chat runs on.</summary>
/// <param name="Name">Its name; <see langword="null"/>: it is the only one.</param>
internal sealed record ChatServer(string? Name)
{
    private static readonly string _name = new BackplaneOptions().ServerName;

    /// <summary>Connects the hub with those of other servers, if that was asked for.</summary>
    public static ChatServer Connect(IWebSocketHubBuilder hub, ChatCommand command)
    {
        if (command.Backplane is null)
        {
            return new ChatServer(Name: null);
        }

        _ = command.Backplane == "redis"
            ? hub.AddRedisBackplane(command.Address!, Configure)
            : hub.AddNatsBackplane($"nats://{command.Address}", Configure);
        hub.Services.AddHostedService<RoomAnnouncer>();
        return new ChatServer(_name);
    }

    /// <summary>Whether somebody is on another server.</summary>
    public bool IsElsewhere(ClusterMember member) => member.Server != Name;

    private static void Configure(BackplaneOptions options) => options.ServerName = _name;
}
