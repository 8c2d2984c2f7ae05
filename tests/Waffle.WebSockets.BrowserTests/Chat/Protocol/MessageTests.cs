using System.Globalization;

namespace Waffle.WebSockets.BrowserTests.Chat.Protocol;

/// <summary>What chat clients say and are told.</summary>
public abstract class MessageTests<TServer>(TServer server) : ServerTests<TServer>(server)
    where TServer : ChatServer
{
    [Fact]
    public async Task A_message_reaches_everybody_in_its_room_and_nobody_else()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await using var carol = await ChatClient.EnterAsync(Server, "carol");
        await alice.JoinAsync("tea");
        await bob.JoinAsync("tea");
        await carol.ReceiveAllAsync();

        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var own = await alice.SayAsync("tea", "<b>Earl Grey</b> 🫖?");
        var theirs = await bob.ReceiveAsync("chat");

        Assert.Equal(own.Json, theirs.Json);
        Assert.Equal(("tea", "alice", "<b>Earl Grey</b> 🫖?"), (own["room"], own["user"], own["text"]));
        Assert.Equal(["id", "room", "user", "text", "time"], own.Body.EnumerateObject().Select(property => property.Name));
        Assert.InRange(DateTimeOffset.Parse(own["time"], CultureInfo.InvariantCulture), before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Empty(await carol.ReceiveAllAsync());
    }

    [Fact]
    public async Task Messages_of_two_come_to_both_in_one_order()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");

        await Task.WhenAll(TalkAsync(alice), TalkAsync(bob));
        var atAlice = await ListenAsync(alice);
        var atBob = await ListenAsync(bob);

        Assert.Equal(200, atBob.Distinct().Count());
        Assert.Equal(atBob, atAlice);

        static async Task TalkAsync(ChatClient client)
        {
            for (var i = 0; i < 100; i++)
            {
                await client.SendAsync("chat", new { room = "general", text = $"{i}" });
            }
        }

        static async Task<List<string>> ListenAsync(ChatClient client)
        {
            var ids = new List<string>();
            while (ids.Count < 200)
            {
                ids.Add((await client.ReceiveAsync("chat"))["id"]);
            }

            return ids;
        }
    }

    [Fact]
    public async Task The_rooms_are_listed_with_their_number_of_people()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await using var tab = await ChatClient.EnterAsync(Server, "bob");
        await bob.JoinAsync("tea");

        await alice.SendAsync("""{"type":"list_rooms"}""");

        var rooms = await alice.ReceiveAsync("rooms");
        Assert.Equal("""{"rooms":[{"name":"general","users":2},{"name":"tea","users":1}]}""", rooms.Body.GetRawText());
    }

    [Fact]
    public async Task Who_is_not_in_a_room_can_neither_post_to_it_nor_leave_it()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        await using var bob = await ChatClient.EnterAsync(Server, "bob");
        await alice.JoinAsync("tea");
        await alice.ReceiveAllAsync();

        Assert.Equal("not_a_member", (await bob.RefusedAsync("chat", new { room = "tea", text = "let me in" }))["code"]);
        Assert.Equal("not_a_member", (await bob.RefusedAsync("chat", new { room = "nowhere", text = "hello?" }))["code"]);
        Assert.Equal("not_a_member", (await bob.RefusedAsync("leave_room", new { room = "tea" }))["code"]);
        Assert.Empty(await alice.ReceiveAllAsync());
    }

    [Fact]
    public async Task A_message_that_makes_no_sense_costs_only_itself()
    {
        await using var alice = await ChatClient.EnterAsync(Server, "alice");
        (string Json, string Code)[] messages =
        [
            ("rubbish", "invalid_json"),
            ("""{"type":"dance"}""", "unknown_type"),
            ("""{"type":"chat","payload":"hello"}""", "invalid_payload"),
            ("""{"type":"chat"}""", "invalid_payload"),
            ("""{"type":"chat","payload":{"room":"general","text":"half \ud83e of a pair"}}""", "invalid_payload"),
        ];
        foreach (var (json, code) in messages)
        {
            await alice.SendAsync(json);

            Assert.Equal(code, (await alice.ReceiveAsync("error"))["code"]);
        }

        Assert.Equal("hello", (await alice.SayAsync("general", "hello"))["text"]);
    }
}
