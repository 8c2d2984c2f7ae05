namespace Waffle.WebSockets.Soak.Clients;

/// <summary>A well-behaved client's side of a connection, by one of several implementations. One sends, one receives at a time.</summary>
internal abstract class ClientSocket : IDisposable
{
    /// <summary>The server's Close: its code, 1005 if it has none, or <see langword="null"/> before it came.</summary>
    public int? CloseCode { get; protected set; }

    /// <summary>What it is, for the report.</summary>
    public abstract string Description { get; }

    public abstract Task SendTextAsync(byte[] utf8);

    /// <summary>The next message, valid until the next call; <see langword="null"/> when the server has closed and was answered.</summary>
    /// <exception cref="IOException">The connection was lost, or ended without a Close.</exception>
    public abstract Task<ReadOnlyMemory<byte>?> ReceiveAsync();

    /// <summary>Sends a Close; the server's is still to be received.</summary>
    public abstract Task SendCloseAsync(int code);

    /// <summary>Gives up the connection without a Close, in one of the ways in which that happens.</summary>
    public abstract void Cut(Random random);

    /// <summary>Ends it at once; who receives gets an <see cref="IOException"/>.</summary>
    public abstract void Dispose();
}
