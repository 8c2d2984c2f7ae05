namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>What a <see cref="SocketOutput"/> sends through.</summary>
internal interface ISocket
{
    /// <summary>How many bytes the kernel was given in all, by whomever; <see langword="null"/> if it does not tell.</summary>
    long? BytesGiven { get; }

    /// <summary>Hands over as much as there is room for now, which may be nothing.</summary>
    /// <returns>How many bytes that were; negative: nothing can be sent any more.</returns>
    int Send(ReadOnlySpan<byte> bytes);

    /// <summary>Waits for room and hands over as much as there is, at least one byte.</summary>
    /// <returns>How many bytes that were; not positive: nothing can be sent any more.</returns>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);
}
