namespace Waffle.WebSockets.Backplane;

/// <summary>What a channel is for. The values stand on the wire.</summary>
internal enum ScopeKind : byte
{
    /// <summary>All clients.</summary>
    Hub = (byte)'a',

    /// <summary>A room's members.</summary>
    Room = (byte)'r',

    /// <summary>A user's connections.</summary>
    User = (byte)'u',

    /// <summary>The servers themselves: heartbeats and questions.</summary>
    Servers = (byte)'c',

    /// <summary>One server: answers to it.</summary>
    Server = (byte)'s',
}
