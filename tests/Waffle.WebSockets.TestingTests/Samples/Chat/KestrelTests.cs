extern alias chat;

using System.Net.WebSockets;
using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.TestingTests.Samples.Chat;

/// <summary>The same application by the same factory, on a port of this machine.</summary>
public sealed class KestrelTests
{
    [Fact]
    public async Task Two_sockets_chat()
    {
        await using var factory = new SampleFactory<chat::Program>();
        factory.UseKestrel(port: 0);
        factory.StartServer();
        using var alice = await ConnectAsync(factory.ClientOptions.BaseAddress, "alice");
        using var bob = await ConnectAsync(factory.ClientOptions.BaseAddress, "bob");
        await ReceiveAsync(bob, "room_state");

        var hello = """{"type":"chat","payload":{"room":"general","text":"Hello!"}}"""u8.ToArray();
        await alice.SendAsync(hello, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        Assert.Contains("\"user\":\"alice\",\"text\":\"Hello!\"", await ReceiveAsync(bob, "chat"), StringComparison.Ordinal);
    }

    private static async Task<ClientWebSocket> ConnectAsync(Uri address, string user)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/ws", Query = $"user={user}" }.Uri, CancellationToken.None).Soon();
        return socket;
    }

    // The first message that speaks of it; those before it are passed over.
    private static async Task<string> ReceiveAsync(ClientWebSocket socket, string kind)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None).Soon();
            var text = Encoding.UTF8.GetString(buffer, 0, received.Count);
            if (text.Contains($"\"{kind}\"", StringComparison.Ordinal))
            {
                return text;
            }
        }
    }
}
