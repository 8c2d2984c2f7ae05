namespace Waffle.WebSockets.Connections;

/// <summary>What has gone through a connection, or several. Bytes are those of whole frames, headers and control frames included.</summary>
internal readonly record struct ConnectionTraffic(long MessagesReceived, long BytesReceived, long MessagesSent, long BytesSent)
{
    public static ConnectionTraffic operator +(ConnectionTraffic left, ConnectionTraffic right) => new(
        left.MessagesReceived + right.MessagesReceived,
        left.BytesReceived + right.BytesReceived,
        left.MessagesSent + right.MessagesSent,
        left.BytesSent + right.BytesSent);
}
