namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>What lies between the connection's own pipes and the socket.</summary>
public enum TransportKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>The server's own connection logging.</summary>
    Logged,

    /// <summary>A connection middleware that changes every byte.</summary>
    Changed,
}
