using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.BrowserTests.Interop;

/// <summary>Messages of all lengths, both ways at once, with Chromium's own client.</summary>
public sealed class ChromiumEchoTests(Browser browser)
{
    // Chromium speaks HTTP/2 with TLS only.
    public static MatrixTheoryData<InteropTransport, MessageCompression> Cells { get; } = new(
        [InteropTransport.Http11, InteropTransport.Http11Tls, InteropTransport.Http2Tls], Enum.GetValues<MessageCompression>());

    [Theory]
    [MemberData(nameof(Cells))]
    public Task Every_message_comes_back_as_it_was_sent(InteropTransport transport, MessageCompression compression) =>
        InteropExchange.RunAsync(transport, compression, address => ChromiumPeer.ConnectAsync(browser, address));
}
