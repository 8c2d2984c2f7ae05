namespace Waffle.WebSockets.BrowserTests.Chat.Protocol;

public sealed class ManagedMessageTests(ChatServer server) : MessageTests<ChatServer>(server);
