using System.IO.Pipelines;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Connections;

/// <summary>A pair of pipes that belongs to the connection.</summary>
internal sealed class PipeTransport(IDuplexPipe pipe) : ConnectionTransport
{
    public override PipeReader Input => pipe.Input;

    public override IOutput Output { get; } = new PipeOutput(pipe.Output);

    // Both sides complete their ends when they wake.
    public override void Abort()
    {
        try
        {
            pipe.Input.CancelPendingRead();
            pipe.Output.CancelPendingFlush();
        }
        catch (Exception)
        {
            // The writer has completed its end already, which some pipes take ill.
        }
    }

    public override ValueTask CompleteInputAsync() => pipe.Input.CompleteAsync();
}
