using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>A message to one client is encoded, framed, queued and written without allocating, whatever it is made from.</summary>
public sealed class SendAllocationTests
{
    private const string Text = "Hello, everybody. Is anyone here?";

    private static readonly byte[] _data = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
    private static readonly PreparedMessage _prepared = PreparedMessage.Text(Text);
    private static readonly TypedMessage _message = TypedMessage.Create("chat", new Chat("general", Text), "7");
    private static readonly Chat _chat = new("general", Text);

    public sealed record Chat(string Room, string Text);

    [Theory]
    [InlineData("prepared")]
    [InlineData("text")]
    [InlineData("binary")]
    [InlineData("json")]
    [InlineData("message")]
    [InlineData("typed message")]
    [InlineData("event")]
    [InlineData("written text")]
    [InlineData("written binary")]
    public async Task It_allocates_nothing(string verb)
    {
        using var hub = new WebSocketHub(time: new FakeTimeProvider());
        var peer = new SilentPeer();
        var client = await hub.AddAsync(WebSocketConnection.Create(peer, null, hub.Time));

        var allocated = Allocation.Of(() =>
        {
            var before = peer.Received.Bytes;
            if (Send(client, verb).AtOnce() != SendStatus.Queued || peer.Received.Bytes == before)
            {
                Assert.Fail("It was not sent.");
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task A_join_and_a_leave_allocate_the_membership_alone()
    {
        using var hub = new WebSocketHub(time: new FakeTimeProvider());
        var client = await hub.AddAsync(WebSocketConnection.Create(new SilentPeer(), null, hub.Time));
        var other = await hub.AddAsync(WebSocketConnection.Create(new SilentPeer(), null, hub.Time));
        await other.JoinAsync("tea");
        var membership = Allocation.Of(() => GC.KeepAlive(new Membership(client, null!)));

        Assert.Equal(membership, Allocation.Of(() =>
        {
            if (client.JoinAsync("tea").AtOnce() != JoinResult.Joined || !client.LeaveAsync("tea").AtOnce())
            {
                Assert.Fail("The client did not come and go.");
            }
        }));
    }

    private static ValueTask<SendStatus> Send(HubClient client, string verb) => verb switch
    {
        "prepared" => client.SendAsync(_prepared),
        "text" => client.SendTextAsync(Text),
        "binary" => client.SendBinaryAsync(_data),
        "json" => client.SendJsonAsync(_chat),
        "message" => client.SendMessageAsync(_message),
        "typed message" => client.SendTypedMessageAsync("chat", _chat),
        "event" => client.SendEventAsync("chat", _chat),
        "written text" => client.Connection.WriteTextAsync(Text),
        _ => client.Connection.WriteBinaryAsync(_data),
    };
}
