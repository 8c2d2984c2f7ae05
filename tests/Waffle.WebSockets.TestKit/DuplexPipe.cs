using System.IO.Pipelines;

namespace Waffle.WebSockets.TestKit;

/// <summary>One end of a byte stream.</summary>
public sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;

    /// <summary>Two ends of a stream in memory.</summary>
    /// <param name="capacity">How many bytes each direction holds before its writer has to wait.</param>
    public static (DuplexPipe Server, DuplexPipe Client) CreatePair(int capacity = 64 * 1024)
    {
        var options = new PipeOptions(pauseWriterThreshold: capacity, resumeWriterThreshold: Math.Max(1, capacity / 2), useSynchronizationContext: false);
        var toServer = new Pipe(options);
        var toClient = new Pipe(options);
        return (new DuplexPipe(toServer.Reader, toClient.Writer), new DuplexPipe(toClient.Reader, toServer.Writer));
    }
}
