using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 5.4: messages in fragments.</summary>
public sealed class Fragmentation
{
    private const string Message = "Grüße für 3 € \U0001F600!";

    [Fact]
    public async Task A_message_is_the_same_however_it_was_fragmented()
    {
        var bytes = Utf8Bytes(Message);
        await using var pair = ConnectionPair.Create();
        for (var first = 0; first <= bytes.Length; first++)
        {
            await ExpectMessageAsync(bytes[..first], bytes[first..]);
            for (var second = first; second <= bytes.Length; second++)
            {
                await ExpectMessageAsync(bytes[..first], bytes[first..second], bytes[second..]);
            }
        }

        await ExpectMessageAsync([.. bytes.Select(value => new[] { value })]);

        async Task ExpectMessageAsync(params byte[][] fragments)
        {
            await SendAsync(pair.Client, RawFrame.TextOpcode, fragments);
            Assert.Equal(Message, await pair.Server.ReadTextAsync().Soon());
        }
    }

    [Fact]
    public async Task Fragments_are_joined_in_the_order_of_arrival()
    {
        await using var pair = ConnectionPair.Create();
        var fragments = Enumerable.Range(0, 200).Select(number => new byte[1 + (number % 7)].Select(_ => (byte)number).ToArray()).ToArray();
        await SendAsync(pair.Client, RawFrame.BinaryOpcode, fragments);

        Assert.Equal(fragments.SelectMany(fragment => fragment), await pair.Server.ReadBinaryAsync().Soon());
    }

    [Theory]
    [InlineData(RawFrame.TextOpcode, RawFrame.TextOpcode)]
    [InlineData(RawFrame.TextOpcode, RawFrame.BinaryOpcode)]
    [InlineData(RawFrame.BinaryOpcode, RawFrame.TextOpcode)]
    [InlineData(RawFrame.BinaryOpcode, RawFrame.BinaryOpcode)]
    public async Task A_new_message_inside_a_fragmented_one_closes_with_1002(byte outer, byte inner)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(outer, Utf8Bytes("one"), isFinal: false);
        await pair.Client.SendFrameAsync(RawFrame.Continuation, Utf8Bytes("more"), isFinal: false);
        await pair.Client.SendFrameAsync(inner, Utf8Bytes("two"));

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    [Fact]
    public async Task A_ping_between_fragments_is_answered_before_the_message_ends()
    {
        await using var pair = ConnectionPair.Create();
        var message = pair.Server.ReadTextAsync().Soon();
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, Utf8Bytes("half "), isFinal: false);
        await pair.Client.SendPingAsync("between");
        var pong = await pair.Client.NextAsync();
        Assert.Equal((RawFrame.PongOpcode, "between"), (pong.Opcode, pong.Text));
        Assert.False(message.IsCompleted);
        await pair.Client.SendFrameAsync(RawFrame.Continuation, Utf8Bytes("and half"));

        Assert.Equal("half and half", await message);
    }

    [Fact]
    public async Task A_close_frame_between_fragments_ends_the_connection()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, Utf8Bytes("half"), isFinal: false);
        await pair.Client.SendCloseAsync(4001, "changed my mind");

        await pair.Client.ExpectCloseAsync((CloseCode)4001);
        Assert.Null(await pair.Client.ReadFrameAsync());
        var end = await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().Soon());
        Assert.Equal((CloseCode)4001, end.Close.Code);
    }

    [Fact]
    public async Task A_message_in_one_frame_is_received()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync(Message);
        Assert.Equal(Message, await pair.Server.ReadTextAsync().Soon());
        await pair.Client.SendBinaryAsync(new byte[] { 1, 2, 3 });
        Assert.Equal([1, 2, 3], await pair.Server.ReadBinaryAsync().Soon());
    }

    [Fact]
    public async Task A_message_in_several_frames_is_received()
    {
        await using var pair = ConnectionPair.Create();
        await SendAsync(pair.Client, RawFrame.TextOpcode, Utf8Bytes("in"), [], Utf8Bytes(" three"));
        Assert.Equal("in three", await pair.Server.ReadTextAsync().Soon());
        await SendAsync(pair.Client, RawFrame.BinaryOpcode, [1, 2], [], [3]);
        Assert.Equal([1, 2, 3], await pair.Server.ReadBinaryAsync().Soon());
    }

    [Fact]
    public async Task The_first_frame_gives_the_type_of_the_message()
    {
        await using var pair = ConnectionPair.Create();
        await SendAsync(pair.Client, RawFrame.TextOpcode, [], Utf8Bytes("text"), []);
        var text = await pair.Server.ReadAsync().Soon();
        Assert.Equal((MessageKind.Text, "text"), (text.Kind, text.GetText()));

        await SendAsync(pair.Client, RawFrame.BinaryOpcode, [], [0xFF], [0xFE]);
        var binary = await pair.Server.ReadAsync().Soon();
        Assert.Equal(MessageKind.Binary, binary.Kind);
        Assert.Equal([0xFF, 0xFE], binary.Data.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_continuation_without_a_message_closes_with_1002(bool isFinal)
    {
        await using var pair = ConnectionPair.Create();
        await SendAsync(pair.Client, RawFrame.TextOpcode, Utf8Bytes("who"), Utf8Bytes("le"));
        Assert.Equal("whole", await pair.Server.ReadTextAsync().Soon());
        await pair.Client.SendFrameAsync(RawFrame.Continuation, Utf8Bytes("of what?"), isFinal);

        await pair.ExpectFailureAsync(CloseCode.ProtocolError);
    }

    private static async Task SendAsync(RawPeer client, byte opcode, params byte[][] fragments)
    {
        for (var i = 0; i < fragments.Length; i++)
        {
            await client.SendFrameAsync(i == 0 ? opcode : RawFrame.Continuation, fragments[i], isFinal: i == fragments.Length - 1);
        }
    }
}
