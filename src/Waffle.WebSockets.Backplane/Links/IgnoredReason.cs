namespace Waffle.WebSockets.Backplane;

/// <summary>Why what came through the backplane is not delivered.</summary>
internal enum IgnoredReason
{
    /// <summary>It is our own.</summary>
    Echo,

    /// <summary>It has come before, or was overtaken by a later one.</summary>
    Duplicate,

    /// <summary>Its channel is not subscribed to any more.</summary>
    Late,

    /// <summary>It is no envelope of a version that is known.</summary>
    Garbage,
}
