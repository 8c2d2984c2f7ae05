namespace Waffle.WebSockets.BrowserTests.Echo;

/// <summary>The echo sample.</summary>
public sealed class EchoServer() : SampleServer("Echo");
