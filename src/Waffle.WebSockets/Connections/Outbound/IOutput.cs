namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Where a connection's frames leave. Used by one writer at a time.</summary>
internal interface IOutput
{
    /// <summary>Adds a copy of <paramref name="bytes"/> to what the next flush sends.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what was appended; completes when the transport has room for more. <see langword="false"/>: nothing can be sent any more.</summary>
    ValueTask<bool> FlushAsync();

    /// <summary>Ends our sending side after all that was flushed. Not called while a flush is pending.</summary>
    ValueTask CompleteAsync();
}
