namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>What a server does with the messages of a connection.</summary>
internal enum ConversationKind
{
    /// <summary>Sends each back to its connection.</summary>
    Echo,

    /// <summary>Sends each to every connection of its room, the sender's included, once and in order.</summary>
    Room,

    /// <summary>Nothing: none are sent.</summary>
    Idle,
}
