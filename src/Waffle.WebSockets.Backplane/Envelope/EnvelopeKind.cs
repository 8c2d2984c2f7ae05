namespace Waffle.WebSockets.Backplane;

/// <summary>What an envelope holds. The values stand on the wire.</summary>
internal enum EnvelopeKind : byte
{
    /// <summary>A message for the channel's members.</summary>
    Message = 1,

    /// <summary>The order to disconnect the channel's members.</summary>
    Disconnect = 2,

    /// <summary>The last number that its server has given in the channel: not all before may have been published.</summary>
    Marker = 3,

    /// <summary>Its server lives.</summary>
    Heartbeat = 4,

    /// <summary>Its server leaves.</summary>
    Farewell = 5,

    /// <summary>A question to all servers.</summary>
    Question = 6,

    /// <summary>A server's answer, or a part of it.</summary>
    Answer = 7,
}
