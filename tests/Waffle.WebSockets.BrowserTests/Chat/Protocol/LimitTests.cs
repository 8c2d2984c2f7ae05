using System.Net.Sockets;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests.Chat.Protocol;

public sealed class LimitTests(ChatServer server) : ServerTests<ChatServer>(server)
{
    private static readonly string _longName = new('n', 32);

    [Fact]
    public async Task A_name_that_cannot_be_is_refused_with_400()
    {
        string[] users = ["", "   ", "bell\a", "two\nlines", _longName + "!"];
        foreach (var user in users)
        {
            using var http = new TcpClient();
            await http.ConnectAsync(Server.Address.Host, Server.Address.Port);

            var (head, _) = await RawHandshake.SendAsync(
                http.GetStream(), RawHandshake.Request($"/ws?user={Uri.EscapeDataString(user)}")).Soon();

            Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Any_other_name_is_kept_as_it_is()
    {
        string[] users = ["x", _longName, "<script>alert(1)</script>", "ليلى & 林小雨 🧇"];
        foreach (var user in users)
        {
            await using var client = await ChatClient.ConnectAsync(Server, $"  {user} ");

            Assert.Contains(user, (await client.ReceiveAsync("room_state")).List("users"));
        }
    }

    [Fact]
    public async Task A_room_name_that_cannot_be_is_refused()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");

        string?[] rooms = [null, "", "   ", "two\nlines", _longName + "!"];
        foreach (var room in rooms)
        {
            Assert.Equal("invalid_room", (await alice.RefusedAsync("join_room", new { room }))["code"]);
            Assert.Equal("invalid_room", (await alice.RefusedAsync("chat", new { room, text = "hello" }))["code"]);
            Assert.Equal("invalid_room", (await alice.RefusedAsync("leave_room", new { room }))["code"]);
        }
    }

    [Fact]
    public async Task A_room_name_may_have_32_characters()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");

        Assert.Equal(["alice"], (await alice.JoinAsync(_longName)).List("users"));
    }

    [Fact]
    public async Task A_text_has_1_to_4000_characters()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        var longest = new string('界', 4_000);

        Assert.Equal("invalid_text", (await alice.RefusedAsync("chat", new { room = "general", text = "" }))["code"]);
        Assert.Equal("invalid_text", (await alice.RefusedAsync("chat", new { room = "general", text = (string?)null }))["code"]);
        Assert.Equal("invalid_text", (await alice.RefusedAsync("chat", new { room = "general", text = longest + "!" }))["code"]);
        Assert.Equal(longest, (await alice.SayAsync("general", longest))["text"]);
    }

    [Fact]
    public async Task A_client_that_stopped_reading_is_cut_off_and_comes_back_to_each_message_once()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        using var stalled = new TcpClient { ReceiveBufferSize = 4 * 1024 };
        await stalled.ConnectAsync(Server.Address.Host, Server.Address.Port);
        var (_, transport) = await RawHandshake.SendAsync(stalled.GetStream(), RawHandshake.Request("/ws?user=bob"));
        await alice.ReceiveAsync("user_joined");

        // Nobody reads at bob's, so his queue fills, and the server ends his connection rather than keep more for him.
        var posted = new List<string>();
        var padding = new string('界', 3_900);
        var bobLeft = false;
        while (!bobLeft)
        {
            await alice.SendAsync("chat", new { room = "general", text = $"{posted.Count} {padding}" });
            for (Received? message = null; message?.Kind != "chat";)
            {
                message = await alice.ReceiveAsync();
                bobLeft |= message.Kind == "user_left" && message["user"] == "bob";
                if (message.Kind == "chat")
                {
                    posted.Add(message["id"]);
                }
            }
        }

        var before = await ReadToTheEndAsync(new RawPeer(transport));
        await using var bob = await ChatClient.ConnectAsync(Server, "bob");
        var state = await bob.ReceiveAsync("room_state");
        for (var i = 0; i < 5; i++)
        {
            posted.Add((await alice.SayAsync("general", $"after {i}"))["id"]);
        }

        var after = (await bob.ReceiveAllAsync()).Where(message => message.Kind == "chat").Select(message => message["id"]);

        Assert.Equal(posted.Take(before.Count), before);
        Assert.True(before.Count < posted.Count, "Bob got everything, so he was not cut off.");
        Assert.Equal(posted.TakeLast(55), [.. state.Messages("id"), .. after]);
        Assert.Equal(["alice", "bob"], state.List("users"));
    }

    /// <summary>The ids of the messages that had left the server before the end.</summary>
    private static async Task<List<string>> ReadToTheEndAsync(RawPeer peer)
    {
        var ids = new List<string>();
        while (await NextAsync() is { Opcode: 1 } frame)
        {
            var message = Received.Parse(frame.Payload);
            if (message.Kind == "chat")
            {
                ids.Add(message["id"]);
            }
        }

        return ids;

        async Task<RawFrame?> NextAsync()
        {
            try
            {
                return await peer.ReadFrameAsync();
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
