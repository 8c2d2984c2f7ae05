namespace Waffle.WebSockets;

/// <summary>How a hub, or a publisher, takes part in a backplane.</summary>
public sealed class BackplaneOptions
{
    /// <summary>
    /// What all channels begin with: hubs with the same name on the same engine are one hub. 1 to 64 ASCII letters, digits, <c>-</c> and <c>_</c>.
    /// Default <c>waffle</c>, and for a hub that is registered with a key, <c>waffle-</c> and the key.
    /// </summary>
    public string? HubName { get; set; }

    /// <summary>This server's name in what the hub tells about servers. It need not be unique. Default: the machine's name and the process's id.</summary>
    public string ServerName { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>How often a server says through the engine that it lives. Two that do not come back are an outage. Default 5 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a server that is not heard counts as there. Default 15 s; at least twice <see cref="HeartbeatInterval"/>.</summary>
    public TimeSpan ServerLease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a join waits for the engine to confirm the subscription. Then it ends all the same, and a gap is told. Default 1 s.</summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a question to all servers waits for their answers. Default 1 s.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an envelope may be to be published, in bytes: the message, some forty bytes, and where it is for several rooms their names. Default 1 MiB, which is what NATS takes by
    /// default. Longer ones reach this server's clients only.
    /// </summary>
    public int MaxMessageSize { get; set; } = 1024 * 1024;

    /// <summary>How much may wait to be published, in bytes with 64 for each message. Default 16 MiB. What is more is not published.</summary>
    public int MaxPendingBytes { get; set; } = 16 * 1024 * 1024;

    internal BackplaneOptions Snapshot() => (BackplaneOptions)MemberwiseClone();
}
