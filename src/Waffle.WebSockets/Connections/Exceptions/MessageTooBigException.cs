namespace Waffle.WebSockets;

/// <summary>The connection ended because the peer sent a message over the limit.</summary>
public sealed class MessageTooBigException : ConnectionClosedException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="close">How the connection ended.</param>
    /// <param name="limit">What the endpoint accepts, in bytes.</param>
    /// <param name="size">What the message would have had at least, in bytes, as far as the peer announced it.</param>
    public MessageTooBigException(CloseInfo close, long limit, long size)
        : base(close, $"The peer sent a message of at least {size} bytes; at most {limit} are accepted. Raise MaxMessageSize if it should fit.")
    {
        Limit = limit;
        Size = size;
    }

    /// <summary>What the endpoint accepts, in bytes.</summary>
    public long Limit { get; }

    /// <summary>What the message would have had at least, in bytes.</summary>
    public long Size { get; }
}
