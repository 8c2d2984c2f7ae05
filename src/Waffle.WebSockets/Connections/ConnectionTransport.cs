using System.IO.Pipelines;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Connections;

/// <summary>The byte stream below a connection: where bytes come from, where frames leave, and how it is cut.</summary>
internal abstract class ConnectionTransport
{
    public abstract PipeReader Input { get; }

    public abstract IOutput Output { get; }

    /// <summary>Cuts the stream: pending reads and writes end. May be called from any thread, more than once; must not throw or block.</summary>
    public abstract void Abort();

    /// <summary>The read loop has ended.</summary>
    public abstract ValueTask CompleteInputAsync();
}
