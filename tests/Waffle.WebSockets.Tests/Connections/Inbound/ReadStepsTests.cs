using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections.Inbound;

/// <summary>The work for received bytes is in proportion to them, however they are cut. Counted, not timed.</summary>
public sealed class ReadStepsTests
{
    private const int Frames = 3_000;

    public static TheoryData<string> Kinds => new("empty fragments", "fragments of one byte", "whole messages", "empty messages", "pongs");

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_stream_is_read_once_a_byte_and_once_more_a_message_at_most(string kind)
    {
        byte[] bytes = [.. Enumerable.Range(0, Frames).SelectMany(i => Frame(kind, isFirst: i == 0, isLast: i == Frames - 1))];
        var input = new SingleBytes(bytes);
        var output = new Pipe().Writer;
        await using var connection = WebSocketConnection.Create(
            new DuplexPipe(input, output), new WebSocketConnectionOptions { PingInterval = TimeSpan.Zero }, new FakeTimeProvider());
        var messages = 0;
        await Assert.ThrowsAnyAsync<ConnectionClosedException>(async () =>
        {
            await foreach (var message in connection.ReadAllAsync())
            {
                Assert.InRange(message.Data.Length, 0, Frames);
                messages++;
            }
        }).Soon();

        Assert.Equal(kind switch { "pongs" => 0, "whole messages" or "empty messages" => Frames, _ => 1 }, messages);
        Assert.InRange(input.Reads, bytes.Length, bytes.Length + messages + 1);
    }

    private static byte[] Frame(string kind, bool isFirst, bool isLast)
    {
        var opcode = isFirst ? RawFrame.BinaryOpcode : RawFrame.Continuation;
        return kind switch
        {
            "empty fragments" => RawFrame.Encode(opcode, [], isLast, mask: new byte[4]),
            "fragments of one byte" => RawFrame.Encode(opcode, [1], isLast, mask: new byte[4]),
            "whole messages" => RawFrame.Encode(RawFrame.TextOpcode, "hello"u8, mask: new byte[4]),
            "empty messages" => RawFrame.Encode(RawFrame.TextOpcode, [], mask: new byte[4]),

            // Not more than may come at once: the clock stands still.
            _ => isFirst ? [.. Enumerable.Repeat(RawFrame.Encode(RawFrame.PongOpcode, new byte[125], mask: new byte[4]), 900).SelectMany(pong => pong)] : [],
        };
    }
}
