namespace Waffle.WebSockets.Backplane;

/// <summary>What is known of the way through the engine.</summary>
internal enum EngineState
{
    /// <summary>Nothing has come back yet since the start or the last outage.</summary>
    Away,

    /// <summary>Connected; everything is being subscribed to once more.</summary>
    Returning,

    /// <summary>What is published comes back.</summary>
    There,
}
