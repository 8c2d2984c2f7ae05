namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

internal enum ClientState
{
    Closed,

    /// <summary>TCP is not connected yet.</summary>
    Connecting,

    /// <summary>The upgrade request is sent.</summary>
    Upgrading,

    /// <summary>The dialect's own start is under way.</summary>
    Greeting,
    Open,

    /// <summary>The client has sent its close frame.</summary>
    Closing,
}
