namespace Waffle.WebSockets.BrowserTests.Chat.Protocol;

/// <summary>The same with the chat as native code: no reflection, nothing compiled while it runs.</summary>
public sealed class NativeMessageTests(NativeChatServer server) : MessageTests<NativeChatServer>(server);
