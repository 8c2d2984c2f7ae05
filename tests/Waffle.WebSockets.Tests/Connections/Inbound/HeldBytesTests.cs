using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Protocol.PermessageDeflate;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;

namespace Waffle.WebSockets.Tests.Connections.Inbound;

/// <summary>How much memory a peer can make a connection hold, as the pool counts it.</summary>
[Collection(RunsAlone.Name)]
public sealed class HeldBytesTests
{
    private const int MaxMessageSize = 32 * 1024;

    // While a buffer grows the old one is held, too: half as large at most.
    private const int Growth = MaxMessageSize / 2;

    // The stream in memory that stands for the transport takes its blocks from the same pool.
    private const int Transport = 8 * 1024;

    // The length of the messages, that of their fragments, and whether the application has taken a message of the full length before.
    public static TheoryData<int, int, bool> Messages => new()
    {
        { 1, 1, true },
        { 33, 33, true },
        { 257, 1, true },
        { 513, 513, false },
        { 1025, 1025, true },
        { 2049, 1024, true },
        { 16 * 1024, 16 * 1024, true },
        { (16 * 1024) + 1, 1, true },
        { MaxMessageSize, 1000, true },
        { MaxMessageSize, 1, false },
        { MaxMessageSize, MaxMessageSize, true },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_peer_that_fills_the_read_ahead_makes_us_hold_no_more_than_two_messages_of_the_limit(
        int length, int fragmentLength, bool isOneInHand)
    {
        using var buffers = new RentedBuffers();
        await using var pair = Create();
        if (isOneInHand)
        {
            await pair.Client.SendBinaryAsync(new byte[MaxMessageSize]).Soon();
            Assert.Equal(MaxMessageSize, (await pair.Server.ReadAsync().Soon()).Data.Length);
        }

        var flood = Task.Run(async () =>
        {
            for (var i = 0; i < 70; i++)
            {
                await SendAsync(pair.Client, length, fragmentLength);
            }
        });

        // The only deadline that can run here is the one for a read-ahead that nobody empties.
        await Wait.Eventually(() => TimerWheel.For(pair.Time).Count > 0, "the read-ahead is full");

        Assert.InRange(buffers.Bytes, 1, 2 * MaxMessageSize);
        Assert.InRange(buffers.Most, 1, (2 * MaxMessageSize) + Growth);
        Assert.False(flood.IsCompleted);
        pair.Server.Abort();
        await flood.Soon();
    }

    // A compressed message may be a quarter longer than the limit, so its buffer twice as large, and while it is inflated both are there.
    [Theory]
    [InlineData(MaxMessageSize, 0, 1000)]
    [InlineData(MaxMessageSize, 1, MaxMessageSize)]
    [InlineData(MaxMessageSize, MaxMessageSize, 4)]
    [InlineData(MaxMessageSize, MaxMessageSize, MaxMessageSize)]
    [InlineData(8 * 1024, 8 * 1024, 8 * 1024)]
    [InlineData(1025, 1025, 100)]
    [InlineData(33, 0, 33)]
    public async Task Compressed_messages_make_us_hold_no_more_and_twice_as_much_while_one_is_inflated(int length, int noiseLength, int fragmentLength)
    {
        const int CompressedBuffer = 2 * MaxMessageSize;
        using var buffers = new RentedBuffers();
        await using var pair = CreateCompressed();
        var message = new byte[length];
        new Random(length).NextBytes(message.AsSpan(0, noiseLength));

        // Empty blocks behind it, as a sender that flushes often makes them, up to what is let in.
        var padding = noiseLength == MaxMessageSize ? MaxMessageSize / 4 / 5 : 0;
        byte[] compressed = [.. Enumerable.Repeat<byte[]>([0, 0, 0, 0xFF, 0xFF], padding).SelectMany(static block => block), .. new DeflatePeer().Compress(message)];
        var frames = RawFrame.EncodeMessage(RawFrame.BinaryOpcode, compressed, fragmentLength, RawFrame.Rsv1);
        await pair.Client.SendBytesAsync(frames);
        Assert.Equal(message, (await pair.Server.ReadAsync().Soon()).Data.ToArray());
        var flood = Task.Run(async () =>
        {
            for (var i = 0; i < 70; i++)
            {
                await pair.Client.SendBytesAsync(frames);
            }
        });
        await Wait.Eventually(() => TimerWheel.For(pair.Time).Count > 0, "the read-ahead is full");

        Assert.InRange(buffers.Bytes, 1, 2 * MaxMessageSize);
        Assert.InRange(buffers.Most, 1, (2 * MaxMessageSize) + CompressedBuffer + Growth);
        Assert.False(flood.IsCompleted);
        pair.Server.Abort();
        await flood.Soon();
    }

    // Small ones may leave room by their bytes that a large one has not, whether its length is announced or comes out when it is inflated.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Small_messages_before_large_ones_make_us_hold_no_more_however_they_are_taken(bool areLargeOnesCompressed)
    {
        int[] lengths = [MaxMessageSize, 16 * 1024, 8 * 1024, 4 * 1024, 2 * 1024, 1024, MaxMessageSize, MaxMessageSize, MaxMessageSize, MaxMessageSize];
        var large = areLargeOnesCompressed
            ? RawFrame.EncodeMessage(RawFrame.BinaryOpcode, new DeflatePeer().Compress(new byte[MaxMessageSize]), reservedBits: RawFrame.Rsv1)
            : RawFrame.EncodeMessage(RawFrame.BinaryOpcode, new byte[MaxMessageSize]);
        var sent = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        foreach (var length in lengths)
        {
            await sent.Writer.WriteAsync(length < MaxMessageSize ? RawFrame.EncodeMessage(RawFrame.BinaryOpcode, new byte[length]) : large);
        }

        using var buffers = new RentedBuffers();
        var inbox = new Inbox(maxMessages: 64);
        var owner = new CountingOwner();
        var messages = new MessageReader(EndpointRole.Server, new MessageLimits(MaxMessageSize, 1), new MessageInflater(windowBits: 0));
        var reading = RentedBuffers.Watch(() => new ConnectionReader(sent.Reader, messages, inbox, owner).RunAsync());
        var waits = 0;
        foreach (var length in lengths)
        {
            await Wait.Eventually(() => IsRoomAwaited() || owner.Messages == lengths.Length, "all are received for which there is room");
            waits += IsRoomAwaited() ? 1 : 0;
            Assert.True(await inbox.MoveNextAsync(CancellationToken.None).AsTask().Soon());
            Assert.Equal(length, inbox.Current.Length);
        }

        Assert.InRange(buffers.Most, 1, (2 * MaxMessageSize) + Growth + (areLargeOnesCompressed ? PooledBuffer.LengthFor(large.Length) : 0));

        // Who reads slowly, but reads, has the whole UnreadLimit anew each time.
        Assert.Equal(waits, owner.Pauses);
        await sent.Writer.CompleteAsync();
        await reading.Soon();

        bool IsRoomAwaited() => Volatile.Read(ref RoomOf(inbox)) is not null;
    }

    [Fact]
    public async Task Small_compressed_messages_are_received_ahead_as_any_others()
    {
        await using var pair = CreateCompressed();
        var small = RawFrame.EncodeMessage(RawFrame.BinaryOpcode, new DeflatePeer().Compress(new byte[200]), MaxMessageSize, RawFrame.Rsv1);
        await pair.Client.SendBytesAsync(small);
        await pair.Server.ReadAsync().Soon();

        for (var i = 0; i < pair.Server.Options.ReadAheadMessages; i++)
        {
            await pair.Client.SendBytesAsync(small).Soon();
        }

        await pair.Client.SyncAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task A_message_without_end_holds_one_buffer_whatever_the_number_of_its_fragments(int fragmentLength)
    {
        using var buffers = new RentedBuffers();
        await using var pair = Create();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[fragmentLength], isFinal: false);
        var fragment = RawFrame.Encode(RawFrame.Continuation, new byte[fragmentLength], isFinal: false, mask: new byte[4]);
        var count = Math.Min(MaxMessageSize / fragmentLength, 16_384);
        for (var i = 1; i < count; i++)
        {
            await pair.Client.SendBytesAsync(fragment).Soon();
        }

        await pair.Client.SyncAsync();
        Assert.InRange(buffers.Bytes, count * fragmentLength, MaxMessageSize + Transport);
        Assert.InRange(buffers.Most, 1, MaxMessageSize + Growth + Transport);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(MaxMessageSize)]
    public async Task An_idle_connection_holds_no_buffer(int length)
    {
        using var buffers = new RentedBuffers();
        await using var pair = Create();
        for (var i = 0; i < 10; i++)
        {
            await SendAsync(pair.Client, length, Math.Max(1, length / 3));
            Assert.Equal(length, (await pair.Server.ReadAsync().Soon()).Data.Length);
        }

        // The last message is given back by the read that waits for the next one.
        var read = pair.Server.ReadAsync().AsTask();
        await Wait.Eventually(() => buffers.Bytes == 0, "everything is given back");
        pair.Server.Abort();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => read.Soon());
    }

    [Fact]
    public async Task A_ping_flood_leaves_no_buffer_behind()
    {
        using var buffers = new RentedBuffers();
        await using var pair = Create();
        var ping = RawFrame.Encode(RawFrame.PingOpcode, new byte[125], mask: new byte[4]);
        for (var i = 0; i < 900; i++)
        {
            // Nobody reads the pongs.
            await pair.Client.SendBytesAsync(ping).Soon();
        }

        // Sixteen pongs of at most 256 bytes wait, one more is under way.
        Assert.InRange(buffers.Bytes, 1, (17 * 256) + Transport);
        Assert.InRange(buffers.Most, 1, (18 * 256) + Transport);
        pair.Server.Abort();
        await pair.Server.DisposeAsync().AsTask().Soon();
        await pair.Client.Transport.Input.CompleteAsync();
        await Wait.Eventually(() => buffers.Bytes == 0, "everything is given back");
    }

    [Theory]
    [InlineData("a violation")]
    [InlineData("an abort")]
    [InlineData("the end of the peer's stream")]
    public async Task Whatever_ends_a_connection_gives_its_buffers_back(string end)
    {
        using var buffers = new RentedBuffers();
        await using var pair = Create();
        await pair.Client.SendBinaryAsync(new byte[1000]).Soon();
        await pair.Server.ReadAsync().Soon();
        await pair.Client.SendBinaryAsync(new byte[1000]).Soon();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[1000], isFinal: false).Soon();
        await Wait.Eventually(() => buffers.Bytes == 3 * 1024, "one in hand, one ahead and one under way");
        switch (end)
        {
            case "a violation":
                var breach = pair.Client.SendFrameAsync(RawFrame.TextOpcode, new byte[1]);
                await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
                await breach.Soon();
                await pair.Client.EndAsync();
                break;
            case "an abort":
                pair.Server.Abort();
                break;
            default:
                await pair.Client.EndAsync();
                break;
        }

        await pair.Server.Completion.Soon();
        await pair.Server.DisposeAsync().AsTask().Soon();
        await Wait.Eventually(() => buffers.Bytes == 1024, "what the reader has in hand stays its own");
        pair.Server.ReleaseLastRead();
        await pair.Client.Transport.Input.CompleteAsync();
        await Wait.Eventually(() => buffers.Bytes == 0, "everything is given back");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_room")]
    private static extern ref TaskCompletionSource? RoomOf(Inbox inbox);

    // A send ends when the server has read it, so that nothing is under way that the counts do not see.
    private static ConnectionPair Create() => RentedBuffers.Watch(static () => ConnectionPair.Create(Configure, capacity: 1));

    private static ConnectionPair CreateCompressed() =>
        RentedBuffers.Watch(static () => MessageCompression.NoContextTakeover.CreatePair(Configure, capacity: 1));

    private static void Configure(WebSocketConnectionOptions options)
    {
        options.MaxMessageSize = MaxMessageSize;
        options.PingInterval = options.MessageTimeout = TimeSpan.Zero;
    }

    private static async Task SendAsync(RawPeer peer, int length, int fragmentLength)
    {
        var left = length;
        var opcode = RawFrame.BinaryOpcode;
        do
        {
            var now = Math.Min(left, fragmentLength);
            left -= now;
            await peer.SendFrameAsync(opcode, new byte[now], isFinal: left == 0);
            opcode = RawFrame.Continuation;
        }
        while (left > 0);
    }
}
