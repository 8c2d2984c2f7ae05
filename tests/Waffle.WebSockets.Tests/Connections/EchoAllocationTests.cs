using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>A message comes in and goes out again without allocating: read loop, inbox, read, send, queue, output.</summary>
public sealed class EchoAllocationTests
{
    [Theory]
    [InlineData(RawFrame.TextOpcode, 100, int.MaxValue)]
    [InlineData(RawFrame.TextOpcode, 20_000, int.MaxValue)]
    [InlineData(RawFrame.BinaryOpcode, 100, int.MaxValue)]
    [InlineData(RawFrame.BinaryOpcode, 20_000, 1000)]
    public void An_echo_allocates_nothing(byte opcode, int length, int fragmentLength)
    {
        var peer = new SilentPeer();
        var connection = WebSocketConnection.Create(peer, null, new FakeTimeProvider());
        var frames = RawFrame.EncodeMessage(opcode, Enumerable.Repeat((byte)'x', length).ToArray(), fragmentLength);

        var allocated = Allocation.Of(() =>
        {
            var before = peer.Received.Bytes;
            peer.SendAsync(frames).AtOnce();
            var message = connection.ReadAsync().AtOnce();
            connection.WriteAsync(message.Kind, message.Data).AtOnce();
            if (peer.Received.Bytes - before < length)
            {
                Assert.Fail("It has not gone out.");
            }
        });

        Assert.Equal(0, allocated);
        connection.Abort();
    }
}
