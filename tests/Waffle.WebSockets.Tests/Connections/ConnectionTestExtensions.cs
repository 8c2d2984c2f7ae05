using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

internal static class ConnectionTestExtensions
{
    /// <summary>One tick of the timer wheel.</summary>
    public static readonly TimeSpan Tick = TimerWheel.Resolution;

    /// <summary>The next frame, which must come.</summary>
    public static async Task<RawFrame> NextAsync(this RawPeer peer)
    {
        var frame = await peer.ReadFrameAsync();
        Assert.NotNull(frame);
        return frame;
    }

    /// <summary>The next frame, which must be a Close with this code.</summary>
    public static async Task<RawFrame> ExpectCloseAsync(this RawPeer peer, CloseCode code)
    {
        var frame = await peer.ReadFrameButPingsAsync();
        Assert.NotNull(frame);
        Assert.Equal(RawFrame.CloseOpcode, frame.Opcode);
        Assert.Equal(code, frame.CloseCode);
        return frame;
    }

    /// <summary>Returns when the server has read all that was sent so far, and has set the deadlines that follow from it: its pongs prove it.</summary>
    public static async Task SyncAsync(this RawPeer peer)
    {
        // The first pong leaves while the server is still busy with what it has read at once; the second only after that.
        for (var i = 0; i < 2; i++)
        {
            await peer.SendPingAsync("sync");
            RawFrame? frame;
            do
            {
                frame = await peer.ReadFrameAsync();
                Assert.NotNull(frame);
            }
            while (frame.Opcode != RawFrame.PongOpcode || frame.Text != "sync");
        }
    }

    /// <summary>Lets time pass up to the last tick before <paramref name="time"/> has passed.</summary>
    public static void AdvanceToJustBefore(this ConnectionPair pair, TimeSpan time) => pair.Advance(time - Tick);

    /// <summary>Lets time pass until <paramref name="condition"/> holds: for a deadline that another thread may not have set yet.</summary>
    public static Task AdvanceUntilAsync(this FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what) => Wait.Eventually(
        () =>
        {
            time.Advance(step);
            return condition();
        },
        what);

    /// <summary>
    /// Fills the read-ahead with numbered messages, and returns when the read loop waits for room for an empty one behind them. On a pair whose
    /// capacity is one byte, where a send ends when the server has read it.
    /// </summary>
    public static async Task FillReadAheadAsync(this ConnectionPair pair, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            await pair.Client.SendTextAsync($"{i}");
        }

        await pair.Client.SendTextAsync(string.Empty);
    }

    /// <summary>Cancels a read just as its message comes, again and again: the message is read then, or by the next read, once and in its order.</summary>
    public static async Task CancelReadsAsMessagesComeAsync(this WebSocketConnection connection, RawPeer peer, int rounds)
    {
        var next = 0;
        for (var round = 0; round < rounds; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var read = connection.ReadTextAsync(cancellation.Token).AsTask();
            var sending = peer.SendTextAsync($"{round}");
            var cancelling = Task.Run(cancellation.Cancel);
            try
            {
                Assert.Equal($"{next}", await read.Soon());
                next++;
            }
            catch (OperationCanceledException)
            {
            }

            await Task.WhenAll(sending, cancelling).Soon();
            for (; next <= round; next++)
            {
                Assert.Equal($"{next}", await connection.ReadTextAsync().Soon());
            }
        }
    }

    /// <summary>Whether everything that the connection waits for with a time limit is off the wheel.</summary>
    public static async Task NothingIsScheduledAsync(this ConnectionPair pair)
    {
        await pair.Server.DisposeAsync().AsTask().Soon();
        await Wait.Eventually(() => TimerWheel.For(pair.Time).Count == 0, "the wheel is empty");
    }

    /// <summary>A binary message of <paramref name="length"/> bytes that begins with its number.</summary>
    public static byte[] Numbered(int number, int length)
    {
        var data = new byte[Math.Max(length, sizeof(int))];
        data.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32BigEndian(data, number);
        return data;
    }

    public static int NumberOf(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadInt32BigEndian(data);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
