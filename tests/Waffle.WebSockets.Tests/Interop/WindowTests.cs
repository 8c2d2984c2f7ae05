using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>Windows smaller than the largest, with a client that inflates with no larger one.</summary>
public class WindowTests
{
    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(15)]
    public Task C38_a_client_that_asks_for_a_small_window_can_inflate_everything_with_it(int bits)
    {
        const InteropTransport Transport = InteropTransport.Http11;
        var expected = InteropAgreement.Expected(Transport, MessageCompression.ContextTakeover);
        return InteropExchange.RunAsync(
            Transport,
            MessageCompression.ContextTakeover,
            expected with { Extensions = $"{expected.Extensions}; server_max_window_bits={bits}; client_max_window_bits={bits}" },
            async address => await ProcessPeer.ConnectAsync(PeerProgram.Python, address, [], "--window-bits", $"{bits}"));
    }
}
