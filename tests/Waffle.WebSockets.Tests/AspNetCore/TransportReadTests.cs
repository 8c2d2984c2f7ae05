using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Reading over each kind of transport: late, and with reads that are cancelled half-way.</summary>
[Collection(RunsAlone.Name)]
public sealed class TransportReadTests
{
    private static readonly byte[] _mask = [0x12, 0x34, 0x56, 0x78];

    public static TheoryData<TransportKind> Transports => [.. Enum.GetValues<TransportKind>()];

    // How much has come when the read is cancelled: nothing, half a header, half a payload, a fragment, half of the other's payload.
    public static MatrixTheoryData<TransportKind, int> Cuts =>
        new([TransportKind.Plain, TransportKind.Tls], [0, 1, 6 + 5, 16, 16 + 6 + 5]);

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task C19_messages_before_a_Close_are_read_although_the_stream_has_ended(TransportKind kind)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        var (peer, connection) = await scene.ConnectAsync();
        await peer.SendBytesAsync((byte[])
        [
            .. Frame("1"), .. Frame("2"), .. Frame("3"),
            .. RawFrame.Encode(RawFrame.CloseOpcode, RawFrame.ClosePayload(4001, "bye"), mask: _mask),
        ]);
        await peer.EndAsync();
        await connection.Completion.Soon();

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal($"{i}", await connection.ReadTextAsync().Soon());
        }

        var closed = await Assert.ThrowsAsync<ConnectionClosedException>(() => connection.ReadAsync().Soon());
        Assert.Equal(new CloseInfo((CloseCode)4001, "bye", CloseCause.PeerClosed), closed.Close);
        await scene.AssertNoTraceAsync();
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task C45_a_read_that_is_cancelled_half_way_loses_nothing(TransportKind kind, int cut)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        var (peer, connection) = await scene.ConnectAsync();
        for (var round = 0; round < 100; round++)
        {
            var text = $"{round:D10}{round:D10}";
            byte[] bytes = [.. Frame(text[..10], isFinal: false), .. Frame(text[10..], RawFrame.Continuation)];
            using var cancellation = new CancellationTokenSource();
            var cancelled = connection.ReadTextAsync(cancellation.Token).AsTask();

            // The pong tells that the server has the piece in hand.
            await peer.SendBytesAsync((byte[])[.. RawFrame.Encode(RawFrame.PingOpcode, [], mask: _mask), .. bytes[..cut]]);
            Assert.Equal(RawFrame.PongOpcode, (await peer.NextAsync()).Opcode);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());

            var read = connection.ReadTextAsync().AsTask();
            await peer.SendBytesAsync(bytes.AsMemory(cut));
            Assert.Equal(text, await read.Soon());
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task C45_a_read_that_is_cancelled_just_as_the_message_comes_loses_nothing(TransportKind kind)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        var (peer, connection) = await scene.ConnectAsync();
        await connection.CancelReadsAsMessagesComeAsync(peer, rounds: 200);

        await peer.SyncAsync();
    }

    private static byte[] Frame(string text, byte opcode = RawFrame.TextOpcode, bool isFinal = true) =>
        RawFrame.Encode(opcode, ConnectionTestExtensions.Utf8(text), isFinal, _mask);
}
