namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>What a <see cref="SocketOutput"/> sends through.</summary>
internal interface ISocket
{
    /// <summary>Hands over as much as there is room for now, which may be nothing.</summary>
    /// <returns>How many bytes that were; negative: nothing can be sent any more.</returns>
    int Send(ReadOnlySpan<byte> bytes);

    /// <summary>Waits for room and hands over as much as there is, at least one byte.</summary>
    /// <returns>How many bytes that were; not positive: nothing can be sent any more.</returns>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);
}
