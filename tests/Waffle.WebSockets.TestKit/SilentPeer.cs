using System.Buffers;
using System.IO.Pipelines;

namespace Waffle.WebSockets.TestKit;

/// <summary>
/// A server's transport in memory, to a peer that says only what it is told to and takes everything. It allocates nothing while it is used, so that what is
/// measured is the server's.
/// </summary>
public sealed class SilentPeer : IDuplexPipe
{
    // The server's read loop runs on the thread that sends.
    private static readonly PipeOptions _inline = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);

    private readonly Pipe _toServer = new(_inline);

    public PipeReader Input => _toServer.Reader;

    public PipeWriter Output => Received;

    /// <summary>Where everything goes that the server sends.</summary>
    public SinkWriter Received { get; } = new();

    /// <summary>Hands bytes to the server, which has read them when this returns, unless its application reads too slowly.</summary>
    public ValueTask<FlushResult> SendAsync(ReadOnlySpan<byte> bytes)
    {
        _toServer.Writer.Write(bytes);
        return _toServer.Writer.FlushAsync();
    }
}
