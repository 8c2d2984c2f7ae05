using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 5.5.1 and 7: the closing handshake, and the end of a connection that fails.</summary>
public sealed class ClosingHandshake(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    private static readonly Dictionary<string, (CloseCode Code, byte[] Bytes)> _violations = new()
    {
        ["no mask"] = (CloseCode.ProtocolError, RawFrame.Encode(RawFrame.TextOpcode, "x"u8)),
        ["RSV1"] = (CloseCode.ProtocolError, Frame(RawFrame.TextOpcode, reservedBits: 4)),
        ["reserved opcode"] = (CloseCode.ProtocolError, Frame(0x3)),
        ["length"] = (CloseCode.ProtocolError, Frame(RawFrame.TextOpcode, lengthForm: 64)),
        ["continuation"] = (CloseCode.ProtocolError, Frame(RawFrame.Continuation)),
        ["fragmented ping"] = (CloseCode.ProtocolError, Frame(RawFrame.PingOpcode, isFinal: false)),
        ["Close with one byte"] = (CloseCode.ProtocolError, Frame(RawFrame.CloseOpcode, new byte[1])),
        ["close code"] = (CloseCode.ProtocolError, Frame(RawFrame.CloseOpcode, RawFrame.ClosePayload(1006))),
        ["text"] = (CloseCode.InvalidFramePayloadData, Frame(RawFrame.TextOpcode, [0xFF])),
        ["close reason"] = (CloseCode.InvalidFramePayloadData, Frame(RawFrame.CloseOpcode, [3, 232, 0xFF])),
        ["too big"] = (CloseCode.MessageTooBig, Frame(RawFrame.BinaryOpcode, new byte[33_000])),
    };

    public static TheoryData<string, CloseCode> Violations => [.. _violations.Select(violation => (violation.Key, violation.Value.Code))];

    [Fact]
    public async Task No_data_follows_our_close_frame()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        var sending = Task.Run(async () =>
        {
            while (await pair.Server.WriteTextAsync("data") == SendStatus.Queued)
            {
                await Task.Yield();
            }
        });
        Assert.Equal("data", (await pair.Client.NextAsync()).Text);
        var closing = pair.Server.CloseAsync();
        await sending.Soon();
        await pair.Client.SendCloseAsync();

        var frames = await pair.Client.ReadToEndAsync();

        Assert.All(frames[..^1], frame => Assert.Equal(RawFrame.TextOpcode, frame.Opcode));
        Assert.Equal(RawFrame.CloseOpcode, frames[^1].Opcode);
        await closing.Soon();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1011)]
    [InlineData(3000)]
    [InlineData(4999)]
    public async Task A_close_frame_is_answered_with_the_same_code(int code)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync(code, "bye");

        await pair.Client.ExpectCloseAsync((CloseCode)code);
        Assert.Null(await pair.Client.ReadFrameAsync());
        var close = await pair.Server.Completion.Soon();
        Assert.Equal(((CloseCode)code, "bye", CloseCause.PeerClosed), (close.Code, close.Reason, close.Cause));
    }

    // The client may still read what was accepted for it; nothing is accepted any more.
    [Fact]
    public async Task A_close_frame_is_answered_behind_what_was_accepted_and_nothing_more()
    {
        const int Accepted = 20;
        await using var pair = ConnectionPair.Create(capacity: 1);
        for (var i = 0; i < Accepted; i++)
        {
            Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync($"{i}"));
        }

        await pair.Client.SendCloseAsync(4000).Soon();
        await Wait.Eventually(() => pair.Server.IsClosed);
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("late"));
        for (var i = 0; i < Accepted; i++)
        {
            Assert.Equal($"{i}", (await pair.Client.NextAsync()).Text);
        }

        await pair.Client.ExpectCloseAsync((CloseCode)4000);
        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    [Fact]
    public async Task A_close_frame_is_answered_at_once_when_nothing_waits()
    {
        // Nobody reads, and no time passes: nothing of the application's is waited for.
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("unread");
        await pair.Client.SendCloseAsync(4000);

        await pair.Client.ExpectCloseAsync((CloseCode)4000);
    }

    [Fact]
    public async Task An_empty_close_frame_is_answered()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync(code: null);

        Assert.Equal([RawFrame.CloseOpcode], (await pair.Client.ReadToEndAsync()).Select(frame => frame.Opcode));
    }

    [Fact]
    public async Task An_answer_to_our_close_frame_is_not_answered_again()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendCloseAsync();

        Assert.Null(await pair.Client.ReadFrameAsync());
        await closing.Soon();
    }

    [Fact]
    public async Task After_both_close_frames_the_transport_is_closed()
    {
        await using (var closedByClient = ConnectionPair.Create())
        {
            await closedByClient.Client.SendCloseAsync();
            await closedByClient.Client.ExpectCloseAsync(CloseCode.NormalClosure);
            await ExpectClosedAsync(closedByClient);
        }

        await using var closedByServer = ConnectionPair.Create();
        var closing = closedByServer.Server.CloseAsync();
        await closedByServer.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.False(closing.IsCompleted);
        await closedByServer.Client.SendCloseAsync();
        await ExpectClosedAsync(closedByServer);
        await closing.Soon();

        // Both directions: nothing comes any more, and nobody takes what is sent.
        static async Task ExpectClosedAsync(ConnectionPair pair)
        {
            Assert.Null(await pair.Client.ReadFrameAsync());
            await pair.Server.Completion.Soon();
            await pair.Server.DisposeAsync().AsTask().Soon();
            Assert.True((await pair.Client.Transport.Output.WriteAsync(new byte[1])).IsCompleted);
        }
    }

    [Fact]
    public async Task The_server_closes_the_transport_without_waiting_for_the_client()
    {
        // A real connection, which the client does not end.
        await using var peer = await server.Host.ConnectPeerAsync(HandshakeServer.Echo);
        await peer.SendCloseAsync();

        await peer.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Null(await peer.ReadFrameAsync());
    }

    [Fact]
    public async Task Closing_sends_the_code_and_the_reason()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync((CloseCode)4321, "Das wär's.");
        var close = await pair.Client.ExpectCloseAsync((CloseCode)4321);
        Assert.Equal("Das wär's.", close.CloseReason);
        await pair.Client.SendCloseAsync(4321);
        await closing.Soon();
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task A_violation_closes_the_transport(string what, CloseCode code)
    {
        // A silent peer is not given the whole CloseTimeout.
        await using (var pair = ConnectionPair.Create(options => options.CloseTimeout = TimeSpan.FromHours(1)))
        {
            await pair.Client.SendBytesAsync(_violations[what].Bytes);
            await pair.Client.ExpectCloseAsync(code);

            // The peer may see the Close a moment before the server begins to count the silence after it.
            var end = pair.Client.ReadFrameAsync();
            await Wait.Eventually(() =>
            {
                pair.Advance(TimeSpan.FromMilliseconds(50));
                return end.IsCompleted;
            });
            Assert.Null(await end);
        }

        // And a real connection, which the client does not end.
        await using var peer = await server.Host.ConnectPeerAsync(HandshakeServer.Echo);
        await peer.SendBytesAsync(_violations[what].Bytes);
        await peer.ExpectCloseAsync(code);
        Assert.Null(await peer.ReadFrameAsync());
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Nothing_is_processed_after_a_violation(string what, CloseCode code)
    {
        // The transport is full, so that our Close still waits for its turn when the rest comes.
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("under way");
        await pair.Client.SendTextAsync("before");
        await pair.Client.SendBytesAsync((byte[])
        [
            .. _violations[what].Bytes,
            .. Frame(RawFrame.PingOpcode, Utf8Bytes("after")),
            .. Frame(RawFrame.TextOpcode, Utf8Bytes("after")),
            .. Frame(RawFrame.CloseOpcode, RawFrame.ClosePayload(4000)),
        ]).Soon();
        Assert.Equal("under way", (await pair.Client.NextAsync()).Text);
        await pair.Client.ExpectCloseAsync(code);
        await pair.Client.EndAsync();

        Assert.Empty(await pair.Client.ReadToEndAsync());
        Assert.Equal("before", await pair.Server.ReadTextAsync().Soon());
        var end = await Assert.ThrowsAnyAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().Soon());
        Assert.Equal(code, end.Close.Code);
        Assert.True(end.Close.Cause is CloseCause.ProtocolViolation or CloseCause.MessageTooBig);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task A_violation_is_logged(string what, CloseCode code)
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/", static async (connection, ct) => await connection.ReadAsync(ct)),
            builder => builder.Logging.SetMinimumLevel(LogLevel.Debug));
        await using var peer = await host.ConnectPeerAsync("/");
        await peer.SendBytesAsync(_violations[what].Bytes);
        await peer.ExpectCloseAsync(code);
        await peer.EndAsync();

        var cause = code == CloseCode.MessageTooBig ? CloseCause.MessageTooBig : CloseCause.ProtocolViolation;
        await Wait.Eventually(() => host.Logs.Lines.Any(line =>
            line.Category == "Waffle.WebSockets.Endpoint" && line.Text.EndsWith($" ended: {cause}, code {(int)code}.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Upgrade: h2c")]
    [InlineData("Sec-WebSocket-Version: 8")]
    [InlineData("Sec-WebSocket-Key: c2hvcnQ=")]
    [InlineData("Origin: https://evil.example")]
    public async Task A_refused_handshake_closes_the_transport(string line)
    {
        var name = line[..(line.IndexOf(':') + 1)];
        await using var answer = await server.SendAsync(RawHandshake.Request(HandshakeServer.Echo, lines =>
        {
            lines.RemoveAll(other => other.StartsWith(name, StringComparison.Ordinal));
            lines.Add(line);
        }));

        Assert.InRange(answer.Status, 400, 499);
        Assert.Contains("close", Assert.Single(answer["Connection"]), StringComparison.OrdinalIgnoreCase);

        // Ends only when the server does.
        Assert.EndsWith("\n", await answer.ReadRestAsync(), StringComparison.Ordinal);
    }
}
