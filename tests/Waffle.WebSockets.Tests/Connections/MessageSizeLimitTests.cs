using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>The limit of a message's size can be changed while the connection runs.</summary>
public sealed class MessageSizeLimitTests
{
    private const int Limit = 1_000;

    [Fact]
    public async Task Raised_it_lets_larger_messages_in()
    {
        await using var pair = Create();
        Assert.Equal(Limit, pair.Server.MaxMessageSize);
        await pair.Client.SendBinaryAsync(new byte[Limit]);
        Assert.Equal(Limit, (await pair.Server.ReadBinaryAsync().Soon()).Length);

        pair.Server.MaxMessageSize = 5 * Limit;

        await pair.Client.SendBinaryAsync(new byte[5 * Limit]);
        Assert.Equal(5 * Limit, (await pair.Server.ReadBinaryAsync().Soon()).Length);
        await pair.Client.SendBinaryAsync(new byte[5 * Limit + 1]);
        await ExpectTooBigAsync(pair, 5 * Limit, 5 * Limit + 1);
    }

    [Fact]
    public async Task Lowered_it_refuses_the_next_message()
    {
        await using var pair = Create();

        pair.Server.MaxMessageSize = 10;

        await pair.Client.SendBinaryAsync(new byte[10]);
        Assert.Equal(10, (await pair.Server.ReadBinaryAsync().Soon()).Length);
        await pair.Client.SendBinaryAsync(new byte[11]);
        await ExpectTooBigAsync(pair, 10, 11);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Limit)]
    public async Task Lowered_below_what_a_message_has_already_it_refuses_the_next_fragment(int length)
    {
        await using var pair = Create();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[60], isFinal: false);
        await pair.Client.SyncAsync();

        pair.Server.MaxMessageSize = 50;

        await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[length]);
        await ExpectTooBigAsync(pair, 50, 60 + length);
    }

    [Fact]
    public async Task Raised_between_two_fragments_it_lets_the_second_in()
    {
        await using var pair = Create();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[Limit], isFinal: false);
        await pair.Client.SyncAsync();

        pair.Server.MaxMessageSize = 3 * Limit;

        await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[2 * Limit]);
        Assert.Equal(3 * Limit, (await pair.Server.ReadBinaryAsync().Soon()).Length);
    }

    [Fact]
    public async Task What_was_received_before_has_passed()
    {
        await using var pair = Create();
        await pair.Client.SendBinaryAsync(new byte[Limit]);
        await pair.Client.SyncAsync();

        pair.Server.MaxMessageSize = 1;

        Assert.Equal(Limit, (await pair.Server.ReadBinaryAsync().Soon()).Length);
    }

    [Fact]
    public async Task A_frame_whose_header_has_come_has_passed()
    {
        // A stream of one byte: a send ends when the server has read it.
        await using var pair = ConnectionPair.Create(options => options.MaxMessageSize = Limit, capacity: 1);
        var frame = RawFrame.Encode(RawFrame.BinaryOpcode, new byte[Limit], mask: new byte[4]);
        await pair.Client.SendBytesAsync(frame.AsMemory(0, frame.Length - Limit + 1)).Soon();

        pair.Server.MaxMessageSize = 10;

        await pair.Client.SendBytesAsync(frame.AsMemory(frame.Length - Limit + 1)).Soon();
        Assert.Equal(Limit, (await pair.Server.ReadBinaryAsync().Soon()).Length);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData((1 << 30) + 1)]
    [InlineData(int.MaxValue)]
    public async Task A_value_that_is_not_allowed_changes_nothing(int value)
    {
        await using var pair = Create();

        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Server.MaxMessageSize = value);

        Assert.Equal(Limit, pair.Server.MaxMessageSize);
        pair.Server.MaxMessageSize = 1 << 30;
        pair.Server.MaxMessageSize = 1;
    }

    [Fact]
    public async Task The_options_stay_as_they_were()
    {
        var options = new WebSocketConnectionOptions { MaxMessageSize = Limit };
        var (transport, _) = DuplexPipe.CreatePair();
        await using var first = WebSocketConnection.Create(transport, options);

        first.MaxMessageSize = 2 * Limit;

        Assert.Equal((Limit, Limit), (first.Options.MaxMessageSize, options.MaxMessageSize));
        first.Options.MaxMessageSize = 3 * Limit;
        Assert.Equal(2 * Limit, first.MaxMessageSize);
        first.Abort();
    }

    private static ConnectionPair Create() => ConnectionPair.Create(static options => options.MaxMessageSize = Limit);

    private static async Task ExpectTooBigAsync(ConnectionPair pair, int limit, int size)
    {
        await pair.Client.ExpectCloseAsync(CloseCode.MessageTooBig);
        var tooBig = await Assert.ThrowsAsync<MessageTooBigException>(() => pair.Server.ReadAsync().AsTask());
        Assert.Equal((limit, size), (tooBig.Limit, tooBig.Size));
        Assert.Equal(CloseCause.MessageTooBig, tooBig.Close.Cause);
    }
}
