namespace Waffle.WebSockets.Backplane;

/// <summary>Why something was not taken to be published.</summary>
internal enum PublishRefusal
{
    /// <summary>The engine is known to be away.</summary>
    Away,

    /// <summary>Too much waits already: <see cref="BackplaneOptions.MaxPendingBytes"/>.</summary>
    Full,

    /// <summary>It is longer than <see cref="BackplaneOptions.MaxMessageSize"/>.</summary>
    TooLong,

    /// <summary>The hub, or the publisher, has ended.</summary>
    Ended,
}
