using System.IO.Pipelines;

namespace Waffle.WebSockets.Testing.Network;

/// <summary>One end of a byte stream.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}
