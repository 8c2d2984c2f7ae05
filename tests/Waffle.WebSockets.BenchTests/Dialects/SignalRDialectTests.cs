using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.BenchTests.Dialects;

/// <summary>Each dialect against SignalR's own reader and writer of its protocol.</summary>
public sealed class SignalRDialectTests
{
    public static TheoryData<string> Protocols => ["json", "messagepack"];

    public static TheoryData<string, int> ProtocolsAndLengths =>
        new MatrixTheoryData<string, int>(["json", "messagepack"], [1, 31, 32, 100, 255, 256, 16 * 1024, 70_000]);

    [Theory]
    [MemberData(nameof(ProtocolsAndLengths))]
    public void What_is_sent_to_a_room_is_an_invocation_without_an_answer(string protocol, int length)
    {
        var invocation = Parse(protocol, Conversation.InRoom("lobby", length));

        Assert.Equal("Send", invocation.Target);
        Assert.Equal([Payload(length)], invocation.Arguments);
        Assert.Null(invocation.InvocationId);
    }

    [Theory]
    [MemberData(nameof(ProtocolsAndLengths))]
    public void What_is_sent_for_an_echo_is_an_invocation_that_is_answered(string protocol, int length)
    {
        var invocation = Parse(protocol, Conversation.Echo(length));

        Assert.Equal("Echo", invocation.Target);
        Assert.Equal([Payload(length)], invocation.Arguments);
        Assert.NotNull(invocation.InvocationId);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void The_hello_asks_for_the_protocol(string protocol)
    {
        byte[] hello = Assert.Single(Dialect(protocol).Hello(Conversation.Idle()));
        var bytes = new ReadOnlySequence<byte>(hello);

        Assert.True(HandshakeProtocol.TryParseRequestMessage(ref bytes, out var request));
        Assert.Equal(Protocol(protocol).Name, request.Protocol);
        Assert.Equal(1, request.Version);
        Assert.True(bytes.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_connection_is_ready_when_the_hub_says_so_and_not_when_the_handshake_is_accepted(string protocol)
    {
        byte[] accepted = Accepted();
        byte[] ready = Protocol(protocol).GetMessageBytes(new InvocationMessage("Ready", [])).ToArray();

        Assert.False(Dialect(protocol).IsReady(accepted));
        Assert.True(Dialect(protocol).IsReady(ready));
        Assert.True(Dialect(protocol).IsReady([.. accepted, .. ready]));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void An_accepted_handshake_and_a_ping_are_known_and_want_no_answer(string protocol)
    {
        byte[] ping = Protocol(protocol).GetMessageBytes(PingMessage.Instance).ToArray();

        Assert.True(Dialect(protocol).TryAnswer(Accepted(), out var toHandshake));
        Assert.True(Dialect(protocol).TryAnswer(ping, out var toPing));
        Assert.True(toHandshake.IsEmpty);
        Assert.True(toPing.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_refused_handshake_and_a_close_are_not_passed_over(string protocol)
    {
        var refused = new ArrayBufferWriter<byte>();
        HandshakeProtocol.WriteResponseMessage(new HandshakeResponseMessage("no"), refused);
        byte[] close = Protocol(protocol).GetMessageBytes(CloseMessage.Empty).ToArray();

        Assert.False(Dialect(protocol).TryAnswer(refused.WrittenSpan, out _));
        Assert.False(Dialect(protocol).TryAnswer(close, out _));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Messages_are_binary_exactly_if_the_protocol_is(string protocol)
    {
        Assert.Equal(Protocol(protocol).TransferFormat == TransferFormat.Binary, Dialect(protocol).IsBinary);
    }

    private static InvocationMessage Parse(string protocol, Conversation conversation)
    {
        var dialect = Dialect(protocol);
        byte[] payload = Encoding.ASCII.GetBytes(Payload(conversation.PayloadLength));
        var bytes = new ReadOnlySequence<byte>([.. dialect.Prefix(conversation), .. payload, .. dialect.Suffix(conversation)]);

        Assert.True(Protocol(protocol).TryParseMessage(ref bytes, new OneString(), out var message));
        Assert.True(bytes.IsEmpty);
        return Assert.IsType<InvocationMessage>(message);
    }

    private static byte[] Accepted()
    {
        var writer = new ArrayBufferWriter<byte>();
        HandshakeProtocol.WriteResponseMessage(HandshakeResponseMessage.Empty, writer);
        return writer.WrittenSpan.ToArray();
    }

    private static string Payload(int length) => new('w', length);

    private static Dialect Dialect(string protocol) => protocol == "json" ? new SignalRJsonDialect() : new SignalRMessagePackDialect();

    private static IHubProtocol Protocol(string protocol) => protocol == "json" ? new JsonHubProtocol() : new MessagePackHubProtocol();

    /// <summary>Methods that take one string.</summary>
    private sealed class OneString : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [typeof(string)];

        public Type GetReturnType(string invocationId) => typeof(string);

        public Type GetStreamItemType(string streamId) => typeof(string);
    }
}
