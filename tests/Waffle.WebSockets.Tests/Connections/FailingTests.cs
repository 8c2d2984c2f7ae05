using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>What ends a connection that breaks a rule or a limit, and how.</summary>
public sealed class FailingTests
{
    private const int MaxMessageSize = 1000;
    private const int MaxFragments = 3;
    private static readonly TimeSpan _messageTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _quietTime = TimeSpan.FromMilliseconds(250);

    private static readonly Dictionary<string, Func<ConnectionPair, Task>> _breaches = new()
    {
        [nameof(ProtocolViolations.ReservedBitSet)] = pair => pair.Client.SendFrameAsync(RawFrame.TextOpcode, reservedBits: 4),
        [nameof(ProtocolViolations.ReservedOpcode)] = pair => pair.Client.SendFrameAsync(0x3),
        [nameof(ProtocolViolations.UnmaskedClientFrame)] = pair => pair.Client.SendFrameAsync(RawFrame.TextOpcode, isMasked: false),
        [nameof(ProtocolViolations.LengthNotMinimal)] = pair => pair.Client.SendFrameAsync(RawFrame.TextOpcode, new byte[5], lengthForm: 16),
        [nameof(ProtocolViolations.LengthTopBitSet)] = pair =>
            pair.Client.SendBytesAsync(new byte[] { 0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 }),
        [nameof(ProtocolViolations.FragmentedControlFrame)] = pair => pair.Client.SendFrameAsync(RawFrame.PingOpcode, isFinal: false),
        [nameof(ProtocolViolations.ControlFrameTooLong)] = pair => pair.Client.SendFrameAsync(RawFrame.PingOpcode, new byte[126]),
        [nameof(ProtocolViolations.UnexpectedContinuation)] = pair => pair.Client.SendFrameAsync(RawFrame.Continuation),
        [nameof(ProtocolViolations.MessageInterrupted)] = async pair =>
        {
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode);
        },
        [nameof(ProtocolViolations.CloseWithOneByte)] = pair => pair.Client.SendFrameAsync(RawFrame.CloseOpcode, new byte[1]),
        [nameof(ProtocolViolations.CloseCodeNotAllowed)] = pair => pair.Client.SendCloseAsync(1005),
        [nameof(ProtocolViolations.InvalidUtf8InText)] = pair =>
            pair.Client.SendFrameAsync(RawFrame.TextOpcode, new byte[] { 0xFF }, isFinal: false),
        [nameof(ProtocolViolations.InvalidUtf8InCloseReason)] = pair =>
            pair.Client.SendFrameAsync(RawFrame.CloseOpcode, new byte[] { 3, 232, 0xFF }),
        [nameof(ProtocolViolations.MessageTooBig)] = pair =>

            // From the header alone: no byte of the payload comes.
            pair.Client.SendBytesAsync(new byte[] { 0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 }),
        [nameof(ProtocolViolations.TooManyFragments)] = async pair =>
        {
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
            for (var i = 0; i < MaxFragments; i++)
            {
                await pair.Client.SendFrameAsync(RawFrame.Continuation, isFinal: false);
            }
        },
        [nameof(ProtocolViolations.MessageTooSlow)] = async pair =>
        {
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, new byte[1], isFinal: false);
            await pair.Client.SyncAsync();
            pair.AdvanceToJustBefore(_messageTimeout);
            Assert.False(pair.Server.IsClosed);
            pair.Advance(ConnectionTestExtensions.Tick);
        },
        [nameof(ProtocolViolations.TooManyControlFrames)] = async pair =>
        {
            for (var i = 0; i <= 1_000; i++)
            {
                await pair.Client.SendPongAsync();
            }
        },
    };

    public static TheoryData<string> Rules => new(_breaches.Keys);

    [Fact]
    public void Every_rule_of_the_table_is_provoked_here()
    {
        // The other side's rule: a server never receives from a server. And one of an extension: see CompressionTests.
        var rules = ProtocolViolations.All
            .Select(rule => rule.Name)
            .Except([nameof(ProtocolViolations.MaskedServerFrame), nameof(ProtocolViolations.InvalidDeflateData)]);
        Assert.Equal(rules.Order(), _breaches.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_breach_ends_the_connection_with_its_code_and_a_typed_exception(string name)
    {
        var rule = ProtocolViolations.All.Single(violation => violation.Name == name);
        await using var pair = Create();
        await pair.Client.SendTextAsync("before");
        await pair.Client.SyncAsync();
        await _breaches[name](pair);

        var close = await pair.Client.ExpectCloseAsync(rule.Code);
        Assert.Equal(rule.Text, close.CloseReason);
        var cause = rule == ProtocolViolations.MessageTooBig ? CloseCause.MessageTooBig : CloseCause.ProtocolViolation;
        Assert.Equal(new CloseInfo(rule.Code, rule.Text, cause), await pair.Server.Completion.Soon());
        Assert.True(pair.Server.IsClosed);
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("late"));

        Assert.Equal("before", await pair.Server.ReadTextAsync());
        var closed = await Assert.ThrowsAnyAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
        if (closed is MessageTooBigException tooBig)
        {
            Assert.Equal((CloseCause.MessageTooBig, MaxMessageSize, 1L << 32), (cause, tooBig.Limit, tooBig.Size));
        }
        else
        {
            var breach = Assert.IsType<WebSocketProtocolException>(closed);
            Assert.Equal((rule.Code, rule.Section), (breach.Code, breach.Section));
            Assert.Contains(rule.Text, breach.Message, StringComparison.Ordinal);
        }

        await pair.Client.EndAsync();
        Assert.Null(await pair.Client.ReadFrameAsync());
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task Fragments_whose_sum_is_over_the_limit_are_too_big_at_the_header_that_exceeds_it()
    {
        await using var pair = Create();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[MaxMessageSize], isFinal: false);
        await pair.Client.SendBytesAsync(new byte[] { 0x80, 0x81, 0, 0, 0, 0 });

        await pair.Client.ExpectCloseAsync(CloseCode.MessageTooBig);
        var tooBig = await Assert.ThrowsAsync<MessageTooBigException>(() => pair.Server.ReadAsync().AsTask());
        Assert.Equal((MaxMessageSize, MaxMessageSize + 1), (tooBig.Limit, tooBig.Size));
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_accepted()
    {
        await using var pair = Create();
        await pair.Client.SendBinaryAsync(new byte[MaxMessageSize]);
        Assert.Equal(MaxMessageSize, (await pair.Server.ReadBinaryAsync().Soon()).Length);
    }

    [Fact]
    public async Task Nothing_after_the_breach_is_heard()
    {
        await using var pair = Create();
        await pair.Client.SendBytesAsync(
            (byte[])[
                .. RawFrame.Encode(RawFrame.TextOpcode, ConnectionTestExtensions.Utf8("heard"), mask: new byte[4]),
                .. RawFrame.Encode(0x3, [], mask: new byte[4]),
                .. RawFrame.Encode(RawFrame.TextOpcode, ConnectionTestExtensions.Utf8("not heard"), mask: new byte[4]),
                .. RawFrame.Encode(RawFrame.PingOpcode, [], mask: new byte[4]),
                .. RawFrame.Encode(RawFrame.CloseOpcode, RawFrame.ClosePayload(4000), mask: new byte[4]),
            ]);

        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        Assert.Equal("heard", await pair.Server.ReadTextAsync().Soon());
        await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().AsTask());
        await pair.Client.EndAsync();
        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    [Fact]
    public async Task After_the_Close_the_stream_ends_when_nothing_has_come_for_250_ms()
    {
        await using var pair = Create();
        await pair.Client.SendFrameAsync(0x3);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);

        // The peer may see the Close a moment before the server begins to count the silence after it.
        await pair.Server.Completion.Soon();
        var end = pair.Client.ReadFrameAsync();
        pair.AdvanceToJustBefore(_quietTime);
        Assert.False(end.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);

        Assert.Null(await end.Soon());
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task A_read_that_was_only_woken_breaks_no_silence()
    {
        // The read loop goes on within the call that wakes it.
        var time = new FakeTimeProvider();
        var toServer = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var toClient = new Pipe();
        await using var connection = WebSocketConnection.Create(new DuplexPipe(toServer.Reader, toClient.Writer), time: time);
        await using var peer = new RawPeer(new DuplexPipe(toClient.Reader, toServer.Writer));
        await peer.SendFrameAsync(0x3);
        await peer.ExpectCloseAsync(CloseCode.ProtocolError);
        await connection.Completion.Soon();
        var end = peer.ReadFrameAsync();
        for (var passed = TimeSpan.Zero; passed < _quietTime; passed += ConnectionTestExtensions.Tick)
        {
            // As a server does that begins to stop.
            toServer.Reader.CancelPendingRead();
            time.Advance(ConnectionTestExtensions.Tick);
        }

        Assert.Null(await end.Soon());
    }

    [Fact]
    public async Task At_most_64_KiB_are_thrown_away_then_the_stream_ends()
    {
        const int AtMost = 64 * 1024;

        // The stream holds little: what it takes after the last read counts as sent, too.
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero, capacity: 1024);
        await pair.Client.SendFrameAsync(0x3);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        var flood = Task.Run(async () =>
        {
            var sent = 0;
            while (!(await pair.Client.Transport.Output.WriteAsync(new byte[1024])).IsCompleted)
            {
                sent += 1024;
            }

            return sent;
        });

        Assert.Null(await pair.Client.ReadFrameAsync());

        Assert.InRange(await flood.Soon(), AtMost - 4096, AtMost + 4096);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task A_peer_that_goes_on_talking_is_cut_after_the_CloseTimeout()
    {
        // A send ends when the server has read it.
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero, capacity: 1);
        await pair.Client.SendFrameAsync(0x3);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        var end = pair.Client.ReadFrameAsync();
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(5); passed += ConnectionTestExtensions.Tick)
        {
            Assert.False(end.IsCompleted);
            await pair.Client.SendBytesAsync(new byte[1]);
            pair.Advance(ConnectionTestExtensions.Tick);
        }

        Assert.Null(await end.Soon());
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task A_failure_loses_what_waits_and_counts_it()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("under way");
        for (var i = 0; i < 5; i++)
        {
            await pair.Server.WriteTextAsync("waits");
        }

        await pair.Client.SendFrameAsync(0x3);
        await Wait.Eventually(() => pair.Server.IsClosed);
        Assert.Equal("under way", (await pair.Client.NextAsync()).Text);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        Assert.Equal(5, (await pair.Server.Completion.Soon()).UnsentMessages);
    }

    [Fact]
    public async Task A_peer_that_does_not_take_the_Close_is_cut_after_the_CloseTimeout()
    {
        await using var pair = ConnectionPair.Create(o => o.WriteTimeout = o.PingInterval = o.MessageTimeout = TimeSpan.Zero, capacity: 1);
        await pair.Server.WriteTextAsync("under way");
        await pair.Client.SendFrameAsync(0x3);
        await Wait.Eventually(() => TimerWheel.For(pair.Time).Count == 1, "the CloseTimeout runs");
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(5));
        Assert.False(pair.Server.Completion.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);

        Assert.Equal(CloseCause.ProtocolViolation, (await pair.Server.Completion.Soon()).Cause);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task ReadAllAsync_delivers_what_came_and_then_throws()
    {
        await using var pair = Create();
        await pair.Client.SendTextAsync("1");
        await pair.Client.SendTextAsync("2");
        await pair.Client.SendFrameAsync(0x3);
        await pair.Server.Completion.Soon();

        var heard = new List<string>();
        await Assert.ThrowsAsync<WebSocketProtocolException>(async () =>
        {
            await foreach (var message in pair.Server.ReadAllAsync())
            {
                heard.Add(message.GetText());
            }
        });
        Assert.Equal(["1", "2"], heard);
    }

    [Fact]
    public async Task A_violation_while_our_Close_waits_lets_it_stand_for_the_failures()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("before");
        var closing = pair.Server.CloseAsync((CloseCode)4000);
        await pair.Client.SendFrameAsync(0x3);
        await pair.Client.EndAsync();

        Assert.Equal("before", (await pair.Client.NextAsync()).Text);
        await pair.Client.ExpectCloseAsync((CloseCode)4000);
        Assert.Null(await pair.Client.ReadFrameAsync());
        await closing.Soon();
    }

    private static ConnectionPair Create() => ConnectionPair.Create(o =>
    {
        o.MaxMessageSize = MaxMessageSize;
        o.MaxFragments = MaxFragments;
        o.MessageTimeout = _messageTimeout;
        o.PingInterval = TimeSpan.Zero;
    });
}
