using System.Net.Sockets;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A transport that ends without a word of WebSockets: by a reset, or by an end that TLS did not announce.</summary>
[Collection(RunsAlone.Name)]
public sealed class AbruptEndTests
{
    public static TheoryData<TransportKind, bool, bool> Ends
    {
        get
        {
            TheoryData<TransportKind, bool, bool> ends = [];
            foreach (var kind in (TransportKind[])[TransportKind.Plain, TransportKind.Tls, TransportKind.Changed])
            {
                ends.Add(kind, false, false);
                ends.Add(kind, false, true);
                ends.Add(kind, true, false);
                ends.Add(kind, true, true);
            }

            return ends;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task The_read_that_waits_gets_a_typed_error_of_1006_and_nothing_is_logged(TransportKind kind, bool isReset, bool isAmidMessage)
    {
        await using var scene = await HeldConnections.StartAsync(kind);
        Socket? socket = null;
        var (peer, connection) = await scene.ConnectAsync(created => socket = created);
        var reading = connection.ReadAsync().AsTask();
        if (isAmidMessage)
        {
            await peer.SendBytesAsync(RawFrame.Encode(RawFrame.BinaryOpcode, new byte[1000], mask: [1, 2, 3, 4]).AsMemory(0, 500));
        }

        if (isReset)
        {
            socket!.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        else
        {
            // Below TLS, so that its close_notify is missing.
            socket!.Shutdown(SocketShutdown.Send);
        }

        var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => reading.Soon());
        Assert.Equal((CloseCode.AbnormalClosure, CloseCause.PeerVanished), (error.Close.Code, error.Close.Cause));
        Assert.Equal(error.Close, await connection.Completion.Soon());
        if (isReset)
        {
            Assert.IsAssignableFrom<IOException>(error.Close.Error);
        }

        await scene.AssertNoTraceAsync();
    }
}
