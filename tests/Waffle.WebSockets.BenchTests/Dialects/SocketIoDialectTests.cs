using System.Text;
using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.BenchTests.Dialects;

public sealed class SocketIoDialectTests
{
    private readonly SocketIoDialect _dialect = new();

    [Fact]
    public void What_is_sent_to_a_room_is_an_event_with_a_string()
    {
        Assert.Equal("""42["send","wf:1"]""", Wrap(Conversation.InRoom("lobby", 4)));
    }

    [Fact]
    public void What_is_sent_for_an_echo_is_another_event()
    {
        Assert.Equal("""42["echo","wf:1"]""", Wrap(Conversation.Echo(4)));
    }

    [Fact]
    public void The_hello_connects_to_the_default_namespace()
    {
        Assert.Equal("40"u8.ToArray(), Assert.Single(_dialect.Hello(Conversation.Idle())));
    }

    [Fact]
    public void A_connection_is_ready_when_the_namespace_has_it_and_not_when_the_transport_is_open()
    {
        Assert.True(_dialect.IsReady("""40{"sid":"b"}"""u8));
        Assert.False(_dialect.IsReady("""0{"sid":"a","upgrades":[]}"""u8));
        Assert.False(_dialect.IsReady("""44{"message":"refused"}"""u8));
    }

    [Fact]
    public void A_ping_is_answered_with_a_pong()
    {
        Assert.True(_dialect.TryAnswer("2"u8, out var answer));
        Assert.Equal("3"u8.ToArray(), answer.ToArray());
    }

    [Fact]
    public void The_settings_of_the_transport_want_no_answer()
    {
        Assert.True(_dialect.TryAnswer("""0{"sid":"a","upgrades":[]}"""u8, out var answer));
        Assert.True(answer.IsEmpty);
    }

    [Theory]
    [InlineData("41")]
    [InlineData("""44{"message":"refused"}""")]
    [InlineData("""42["receive","something else"]""")]
    public void A_disconnect_a_refusal_and_an_event_are_not_passed_over(string message)
    {
        Assert.False(_dialect.TryAnswer(Encoding.UTF8.GetBytes(message), out _));
    }

    private string Wrap(Conversation conversation) =>
        Encoding.UTF8.GetString([.. _dialect.Prefix(conversation), .. "wf:1"u8, .. _dialect.Suffix(conversation)]);
}
