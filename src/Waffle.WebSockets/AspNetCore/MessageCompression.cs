namespace Waffle.WebSockets;

/// <summary>How messages are compressed with clients that offer it (RFC 7692, permessage-deflate).</summary>
public enum MessageCompression
{
    /// <summary>Not at all: the extension is declined.</summary>
    Disabled,

    /// <summary>Each message by itself, both ways. A broadcast is compressed once for all who get it; a connection keeps no memory for it.</summary>
    NoContextTakeover,

    /// <summary>
    /// Each message with reference to those before it, unless the client asks otherwise: smaller messages that resemble each other, for 220 to 340 KB of
    /// memory for each connection that is sent to and up to 32 KiB for each that sends, and a compression for each receiver of a broadcast.
    /// </summary>
    ContextTakeover,
}
