using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class PlainDialectTests
{
    private static readonly PlainDialect _plain = PlainDialect.Instance;

    [Fact]
    public void A_payload_is_the_message()
    {
        var conversation = Conversation.Echo(100);

        Assert.Empty(_plain.Prefix(conversation));
        Assert.Empty(_plain.Suffix(conversation));
        Assert.Empty(_plain.Hello(conversation));
        Assert.False(_plain.AwaitsReady);
        Assert.False(_plain.SeveralPayloadsPerMessage);
    }

    [Fact]
    public void Nothing_else_is_said()
    {
        Assert.False(_plain.TryAnswer("{}"u8, out _));
    }

    [Theory]
    [InlineData("/echo", 0, false)]
    [InlineData("/room/a", 1, false)]
    [InlineData("/deflate/room/a", 1, true)]
    [InlineData("/idle", 2, false)]
    public void Each_conversation_has_its_path(string path, int kind, bool deflate)
    {
        Assert.Equal(path, PlainPaths.For(new Conversation((ConversationKind)kind, "a", 100, deflate)));
    }
}
