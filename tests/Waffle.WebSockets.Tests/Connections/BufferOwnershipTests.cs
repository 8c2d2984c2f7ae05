using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Pooled buffers have one owner at a time: whatever else happens, no message holds what another one held.</summary>
public sealed class BufferOwnershipTests
{
    private const int Connections = 100;
    private const int SmallestPower = 10;
    private const int LargestPower = 20;

    // From here on, not every connection sends every length: they cost time, and enough remain.
    private const int LargePower = 16;

    /// <summary>Each connection echoes messages of 2^k-1, 2^k or 2^k+1 bytes, from 1 KiB to 1 MiB; all lengths occur. A tenth are cut on the way.</summary>
    [Theory]
    [InlineData(MessageCompression.Disabled)]
    [InlineData(MessageCompression.NoContextTakeover)]
    [InlineData(MessageCompression.ContextTakeover)]
    public async Task C42_no_message_ever_holds_bytes_of_anothers(MessageCompression compression) =>
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(number => Task.Run(() => RunAsync(number, compression)))).Soon();

    private static async Task RunAsync(int number, MessageCompression compression)
    {
        var random = new Random(number);
        var cutAt = number % 10 == 0 ? random.Next(SmallestPower, LargestPower + 1) : int.MaxValue;
        await using var pair = compression.CreatePair(options => options.MaxMessageSize = 2 * 1024 * 1024);
        var peer = new DeflatePeer(keepsWindow: compression == MessageCompression.ContextTakeover);
        var echo = EchoAsync(pair.Server);
        for (var power = SmallestPower; power <= LargestPower; power++)
        {
            if (power >= LargePower && (number + power) % 4 != 0 && power != cutAt)
            {
                continue;
            }

            var data = CreatePattern(number, power, (1 << power) - 1 + ((number + power) % 3));

            // Of those who may compress, each does so with two of three messages.
            var reservedBits = (number + power) % 3 == 0 ? 0 : compression.ReservedBits();
            var payload = reservedBits == 0 ? data : peer.Compress(data);
            var frames = RawFrame.EncodeMessage(RawFrame.BinaryOpcode, payload, 1 + (payload.Length / (1 + (number % 3))), reservedBits);
            if (power == cutAt)
            {
                await pair.Client.SendBytesAsync(frames.AsMemory(0, random.Next(frames.Length)));
                await pair.Client.Transport.Output.CompleteAsync(new IOException("reset"));
                await Assert.ThrowsAsync<ConnectionClosedException>(() => echo.Soon());
                return;
            }

            var sending = pair.Client.SendBytesAsync(frames);
            var frame = await pair.Client.NextAsync();
            Assert.True(data.AsSpan().SequenceEqual(peer.PayloadOf(frame)));
            await sending.Soon();
        }

        await pair.Client.SendCloseAsync();
        await echo.Soon();
    }

    private static async Task EchoAsync(WebSocketConnection connection)
    {
        await foreach (var message in connection.ReadAllAsync())
        {
            await connection.WriteAsync(message.Kind, message.Data);
        }
    }

    // No two messages of the test begin in the same way, and each byte tells whose it is.
    private static byte[] CreatePattern(int number, int power, int length)
    {
        var data = new byte[length];
        Array.Fill(data, (byte)(number + 100));
        (data[0], data[^1]) = ((byte)power, (byte)power);
        return data;
    }
}
