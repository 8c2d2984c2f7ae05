using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>What stands on the wire, for each way to broadcast and to send.</summary>
public sealed partial class BroadcastWireTests : IAsyncDisposable
{
    private static readonly Line _line = new("ann", "é <b> \"q\"");
    private static readonly byte[] _data = [0, 1, 0xFF];

    private readonly HubScene _scene = new();

    public static TheoryData<string, string> Texts => new()
    {
        { "prepared", "prepared é" },
        { "text", "grüße 👋" },
        { "json", """{"user":"ann","text":"é <b> \"q\""}""" },
        { "message", """{"type":"chat","payload":{"user":"ann","text":"é <b> \"q\""},"id":"7"}""" },
        { "typed message", """{"type":"chat","payload":{"user":"ann","text":"é <b> \"q\""}}""" },
        { "typed null", """{"type":"chat","payload":null}""" },
        { "event", """{"name":"chat","data":{"user":"ann","text":"é <b> \"q\""}}""" },
    };

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Hub_room_user_and_client_send_the_same_bytes(string verb, string text)
    {
        var peer = await _scene.ConnectAsync("ann");
        await peer.Client.JoinAsync("room");

        foreach (var target in new[] { _scene.Hub, _scene.Hub.Room("room"), _scene.Hub.User("ann") })
        {
            Assert.Equal(new BroadcastResult(1, 0, 0), await BroadcastAsync(target, verb));
            AssertWhole(await peer.Peer.NextAsync(), RawFrame.TextOpcode, Encoding.UTF8.GetBytes(text));
        }

        Assert.Equal(SendStatus.Queued, await SendAsync(peer.Client, verb));
        AssertWhole(await peer.Peer.NextAsync(), RawFrame.TextOpcode, Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task Binary_data_is_copied()
    {
        var peer = await _scene.ConnectAsync(capacity: 1);
        byte[] data = [.. _data];
        await peer.Client.SendBinaryAsync(data);
        await _scene.Hub.BroadcastBinaryAsync(data);
        await _scene.Hub.BroadcastAsync(PreparedMessage.Binary(data));
        data.AsSpan().Clear();

        for (var i = 0; i < 3; i++)
        {
            AssertWhole(await peer.Peer.NextAsync(), RawFrame.BinaryOpcode, _data);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(300_000)]
    public async Task Any_length_arrives_whole(int length)
    {
        var peer = await _scene.ConnectAsync();
        var data = new byte[length];
        new Random(length).NextBytes(data);

        await _scene.Hub.BroadcastBinaryAsync(data);

        AssertWhole(await peer.Peer.NextAsync(), RawFrame.BinaryOpcode, data);
    }

    [Fact]
    public async Task What_cannot_be_serialised_reaches_the_caller_and_nobody_else()
    {
        var peers = await _scene.ConnectAsync(3);
        var cycle = new Node();
        cycle.Next = cycle;

        await Assert.ThrowsAsync<JsonException>(() => _scene.Hub.BroadcastJsonAsync(cycle).AsTask());
        await Assert.ThrowsAsync<JsonException>(() => peers[0].Client.SendJsonAsync(cycle).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _scene.Hub.BroadcastTypedMessageAsync("t", double.NaN).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => _scene.Hub.BroadcastEventAsync<Action>("e", static () => { }).AsTask());
        await Assert.ThrowsAsync<FormatException>(() => _scene.Hub.BroadcastJsonAsync(new Thrower()).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _scene.Hub.BroadcastTypedMessageAsync(string.Empty, 1).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _scene.Hub.BroadcastTextAsync("half a pair: \uD800").AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => peers[0].Client.SendTextAsync("half a pair: \uD800").AsTask());

        await _scene.Hub.BroadcastTextAsync("fine");
        foreach (var peer in peers)
        {
            Assert.Equal(["fine"], await peer.TextsSoFarAsync());
            Assert.False(peer.Client.Connection.IsClosed);
        }
    }

    [Fact]
    public async Task A_context_without_the_type_is_an_error_of_the_callers()
    {
        await using var scene = new HubScene(null, LineContext.Default.Options);
        var peer = await scene.ConnectAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => scene.Hub.BroadcastJsonAsync(new Node()).AsTask());
        await scene.Hub.BroadcastJsonAsync(new Line("ann", "hi"));

        Assert.Equal(["""{"User":"ann","Text":"hi"}"""], await peer.TextsSoFarAsync());
    }

    [Fact]
    public async Task An_error_has_the_shape_of_the_routers()
    {
        var peer = await _scene.ConnectAsync();

        await peer.Client.SendErrorAsync("not_a_member", "Join \"tea\" first.", "7");
        await peer.Client.SendErrorAsync("late", "Zu spät.");

        Assert.Equal("""{"type":"error","payload":{"code":"not_a_member","message":"Join \"tea\" first."},"id":"7"}""", await peer.NextTextAsync());
        Assert.Equal("""{"type":"error","payload":{"code":"late","message":"Zu spät."}}""", await peer.NextTextAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => peer.Client.SendErrorAsync(string.Empty, "no code").AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => peer.Client.SendErrorAsync("x", "y", new string('i', 129)).AsTask());
    }

    [Fact]
    public async Task A_cancelled_broadcast_sends_nothing()
    {
        var peer = await _scene.ConnectAsync();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scene.Hub.BroadcastTextAsync("no", default, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => peer.Client.SendTextAsync("no", default, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scene.Hub.DisconnectAsync(CloseCode.GoingAway, "no", cancelled));

        Assert.Empty(await peer.TextsSoFarAsync());
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_shows_in_the_task()
    {
        var peer = await _scene.ConnectAsync();
        var cancelled = new CancellationToken(canceled: true);

        Task[] calls =
        [
            _scene.Hub.BroadcastTextAsync("no", default, cancelled).AsTask(),
            peer.Client.SendTextAsync("no", default, cancelled).AsTask(),
            peer.Client.JoinAsync("room", cancelled).AsTask(),
            peer.Client.LeaveAsync("room", cancelled).AsTask(),
            _scene.Hub.DeleteRoomAsync("room", cancelled).AsTask(),
            _scene.Hub.DisconnectAsync(CloseCode.GoingAway, "no", cancelled),
        ];
        Assert.All(calls, static call => Assert.True(call.IsCanceled));
    }

    private static async Task<BroadcastResult> BroadcastAsync(BroadcastTarget target, string verb) => verb switch
    {
        "prepared" => await target.BroadcastAsync(PreparedMessage.Text("prepared é")),
        "text" => await target.BroadcastTextAsync("grüße 👋"),
        "json" => await target.BroadcastJsonAsync(_line),
        "message" => await target.BroadcastMessageAsync(TypedMessage.Create("chat", _line, "7")),
        "typed message" => await target.BroadcastTypedMessageAsync("chat", _line),
        "typed null" => await target.BroadcastTypedMessageAsync<Line?>("chat", null),
        _ => await target.BroadcastEventAsync("chat", _line),
    };

    private static async Task<SendStatus> SendAsync(HubClient client, string verb) => verb switch
    {
        "prepared" => await client.SendAsync(PreparedMessage.Text("prepared é")),
        "text" => await client.SendTextAsync("grüße 👋"),
        "json" => await client.SendJsonAsync(_line),
        "message" => await client.SendMessageAsync(TypedMessage.Create("chat", _line, "7")),
        "typed message" => await client.SendTypedMessageAsync("chat", _line),
        "typed null" => await client.SendTypedMessageAsync<Line?>("chat", null),
        _ => await client.SendEventAsync("chat", _line),
    };

    private static void AssertWhole(RawFrame frame, byte opcode, byte[] payload)
    {
        Assert.Equal((true, 0, false), (frame.IsFinal, frame.ReservedBits, frame.IsMasked));
        Assert.Equal(payload.Length < 126 ? 2 : payload.Length < 65_536 ? 4 : 10, frame.HeaderLength);
        Assert.Equal(opcode, frame.Opcode);
        Assert.Equal(payload, frame.Payload);
    }

    internal sealed record Line(string User, string Text);

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed class Thrower
    {
        public int Before { get; } = 1;

        public int Value => throw new FormatException("no value");
    }

    [JsonSerializable(typeof(Line))]
    private sealed partial class LineContext : JsonSerializerContext;
}
