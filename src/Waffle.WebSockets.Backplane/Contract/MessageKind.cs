namespace Waffle.WebSockets;

/// <summary>What a message's bytes are (RFC 6455 5.6).</summary>
public enum MessageKind
{
    /// <summary>Text, and valid UTF-8.</summary>
    Text,

    /// <summary>Bytes whose meaning is the application's.</summary>
    Binary,
}
