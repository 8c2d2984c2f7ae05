namespace Waffle.WebSockets.Backplane;

/// <summary>Whether a server that has published something is there.</summary>
internal enum ServerPresence
{
    /// <summary>It has not said yet that it lives.</summary>
    Unknown,

    /// <summary>It says that it lives.</summary>
    Heard,

    /// <summary>It has said that it leaves.</summary>
    Left,
}
