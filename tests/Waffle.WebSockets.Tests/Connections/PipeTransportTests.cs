using System.IO.Pipelines;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class PipeTransportTests
{
    [Fact]
    public async Task Abort_does_not_throw_after_the_ends_are_completed()
    {
        var pipe = new DuplexPipe(PipeReader.Create(new MemoryStream()), PipeWriter.Create(new MemoryStream()));
        var transport = new PipeTransport(pipe);
        transport.Output.Append([1]);
        await transport.Output.FlushAsync();
        await transport.Output.CompleteAsync();
        await transport.CompleteInputAsync();

        transport.Abort();
        transport.Abort();
    }
}
