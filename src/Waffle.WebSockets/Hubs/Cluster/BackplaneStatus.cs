namespace Waffle.WebSockets;

/// <summary>Whether a hub reaches its other servers.</summary>
public enum BackplaneStatus
{
    /// <summary>It has no backplane.</summary>
    None,

    /// <summary>The backplane's engine can't be reached, or not all is subscribed to yet: what is broadcast reaches this server's clients only.</summary>
    Away,

    /// <summary>What is broadcast is published, and what others publish arrives.</summary>
    Connected,
}
