using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections.Inbound;

public class EmptyMessageReadAheadTests
{
    [Fact]
    public async Task An_empty_message_that_had_to_wait_for_room_is_delivered_though_no_byte_follows()
    {
        byte[] mask = [1, 2, 3, 4];
        var text = RawFrame.Encode(RawFrame.TextOpcode, "a"u8, mask: mask);
        var empty = RawFrame.Encode(RawFrame.TextOpcode, [], mask: mask);
        await using var pair = ConnectionPair.Create(options => options.ReadAheadMessages = 1, capacity: 2);

        // So small a pipe lets the writer go on only when the server has taken all: the first message fills the read-ahead, and the
        // second one waits for room.
        await pair.Client.SendBytesAsync(text.Concat(empty).ToArray()).Soon();

        Assert.Equal("a", await pair.Server.ReadTextAsync().Soon());
        Assert.Equal("", await pair.Server.ReadTextAsync().Soon());
    }
}
