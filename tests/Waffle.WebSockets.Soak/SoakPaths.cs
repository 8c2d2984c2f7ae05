namespace Waffle.WebSockets.Soak;

/// <summary>The endpoints. All belong to one hub.</summary>
internal static class SoakPaths
{
    /// <summary>No compression.</summary>
    public const string Plain = "/plain";

    /// <summary>Compression of each message by itself.</summary>
    public const string Fresh = "/fresh";

    /// <summary>Compression with reference to earlier messages.</summary>
    public const string Takeover = "/takeover";

    /// <summary>Short times. With compression, as the following.</summary>
    public const string Short = "/short";

    /// <summary>Short times and a small queue; who fills it is disconnected.</summary>
    public const string Tight = "/tight";

    /// <summary>The same, but the oldest in the queue are dropped.</summary>
    public const string Lossy = "/lossy";

    /// <summary>The event that tells of messages of other servers that may be missing.</summary>
    public const string GapEvent = "gap";
}
