namespace Waffle.WebSockets.BrowserTests.Chat.Protocol;

public sealed class StopTests(ChatServer server) : ServerTests<ChatServer>(server)
{
    [Fact]
    public async Task A_server_that_stops_says_so_to_everybody()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");

        await Server.StopAsync();

        await alice.EndAsync();
        Assert.True(alice.CloseCode is 1001 or 1012, $"It said {alice.CloseCode}.");
    }
}
