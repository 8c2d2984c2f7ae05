using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Diagnostics;

/// <summary>The table of all limits whose hits are counted. One that an option sets has the option's name.</summary>
internal static class Limits
{
    private const string Bytes = "bytes";
    private const string Seconds = "s";

    private static readonly List<Limit> _all = [];

    public static readonly Limit MaxConcurrentHandshakes = Add("max_concurrent_handshakes", "handshakes", "MaxConcurrentHandshakes");

    public static readonly Limit HandshakeTimeout = Add("handshake_timeout", Seconds, "HandshakeTimeout");

    public static readonly Limit AuthenticationTimeout = Add("authentication_timeout", Seconds, "AuthenticationTimeout");

    public static readonly Limit Subprotocols = Add("subprotocols", $"names of at most {Protocol.OpeningHandshake.Subprotocols.MaxOfferLength} bytes");

    public static readonly Limit Extensions = Add("extensions", $"offers of at most {ExtensionHeader.MaxParameters} parameters, words of at most {ExtensionHeader.MaxTokenLength} bytes");

    public static readonly Limit MaxMessageSize = Add("max_message_size", Bytes, "MaxMessageSize");

    public static readonly Limit MaxFragments = Add("max_fragments", "fragments", "MaxFragments");

    public static readonly Limit MessageTimeout = Add("message_timeout", Seconds, "MessageTimeout");

    public static readonly Limit ControlFrames = Add("control_frames", "frames a second");

    public static readonly Limit DataAfterClose = Add("data_after_close", Bytes);

    public static readonly Limit ReadTimeout = Add("read_timeout", Seconds, "ReadTimeout");

    public static readonly Limit PongTimeout = Add("pong_timeout", Seconds, "PongTimeout");

    public static readonly Limit UnreadLimit = Add("unread_limit", Seconds, "UnreadLimit");

    public static readonly Limit WriteTimeout = Add("write_timeout", Seconds, "WriteTimeout");

    public static readonly Limit CloseTimeout = Add("close_timeout", Seconds, "CloseTimeout");

    public static readonly Limit SendQueueMaxBytes = Add("send_queue_max_bytes", Bytes, "SendQueueMaxBytes");

    public static readonly Limit SendQueueMaxMessages = Add("send_queue_max_messages", "messages", "SendQueueMaxMessages");

    public static readonly Limit MessageDepth = Add("message_depth", "levels");

    public static readonly Limit MessageTypeLength = Add("message_type_length", Bytes);

    public static readonly Limit MessageIdLength = Add("message_id_length", Bytes);

    public static readonly Limit MaxMalformedMessages = Add("max_malformed_messages", "messages in 10 s", "MaxMalformedMessages");

    public static readonly Limit MaxClientIdLength = Add("max_client_id_length", Bytes, "MaxClientIdLength");

    public static readonly Limit MaxRoomsPerClient = Add("max_rooms_per_client", "rooms", "MaxRoomsPerClient");

    public static readonly Limit MaxRoomNameLength = Add("max_room_name_length", Bytes, "MaxRoomNameLength");

    /// <summary>Every row, in the order of their indexes.</summary>
    public static IReadOnlyList<Limit> All => _all;

    private static Limit Add(string name, string unit, string? option = null)
    {
        var limit = new Limit(_all.Count, name, option, unit);
        _all.Add(limit);
        return limit;
    }
}
