namespace Waffle.WebSockets;

/// <summary>Why messages of other servers may be missing. More members may be added.</summary>
public enum GapCause
{
    /// <summary>
    /// A message had a number too high: those before it were lost on the way, or could not be published. Or a server says so, of itself; or it was not heard for a time.
    /// </summary>
    Lost,

    /// <summary>The engine, or the way to it, was away for a time.</summary>
    Outage,

    /// <summary>The engine or its driver dropped messages, for they came faster than they were taken.</summary>
    Overflow,

    /// <summary>A client joined before the engine had confirmed the subscription; or this ended by itself, and was confirmed anew.</summary>
    LateSubscription,
}
