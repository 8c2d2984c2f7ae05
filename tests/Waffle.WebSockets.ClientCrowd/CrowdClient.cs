using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Waffle.WebSockets.ClientCrowd;

/// <summary>One client: a socket and no more.</summary>
internal sealed partial class CrowdClient(Socket socket)
{
    private static readonly byte[] _maskedClose = [0x88, 0x82, 0, 0, 0, 0, 1012 >> 8, 1012 & 0xFF];

    /// <summary>Opens a connection; or none, if it was refused with 503, and the time after which to try again.</summary>
    public static async Task<(CrowdClient? Client, TimeSpan RetryAfter)> ConnectAsync(int port, string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
            var head = await ReadHeadAsync(socket);
            if (head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            {
                return (new CrowdClient(socket), TimeSpan.Zero);
            }

            socket.Dispose();
            return head.StartsWith("HTTP/1.1 503", StringComparison.Ordinal) && RetryAfterPattern().Match(head) is { Success: true } match
                ? (null, TimeSpan.FromSeconds(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)))
                : throw new InvalidOperationException(head);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads up to the Close, answers it, and tries to come back: at once, then when it is told to, until nobody listens.</summary>
    public async Task ReadAndComeBackAsync(int port, string path, CrowdCounts counts, CancellationToken cancellationToken)
    {
        if (await ReadCloseAsync(cancellationToken))
        {
            Interlocked.Increment(ref counts.Advised);
        }
        else
        {
            Interlocked.Increment(ref counts.Surprised);
        }

        socket.Dispose();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var (client, retryAfter) = await ConnectAsync(port, path);
                if (client is not null)
                {
                    Interlocked.Increment(ref counts.LetIn);
                    return;
                }

                Interlocked.Increment(ref counts.Refused);
                await Task.Delay(retryAfter, cancellationToken);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or EndOfStreamException)
        {
            // Nobody listens any more.
        }
    }

    /// <summary>Whether the connection has ended, for one that has read nothing so far.</summary>
    public bool IsCut()
    {
        var buffer = new byte[4096];
        try
        {
            socket.Blocking = false;
            while (true)
            {
                if (socket.Receive(buffer) == 0)
                {
                    return true;
                }
            }
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode != SocketError.WouldBlock;
        }
    }

    private async Task<bool> ReadCloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var frame = new byte[127];
            await ReadAsync(frame.AsMemory(0, 2), cancellationToken);
            var length = frame[1] & 0x7F;
            await ReadAsync(frame.AsMemory(0, length), cancellationToken);
            await socket.SendAsync(_maskedClose, cancellationToken);
            return BinaryPrimitives.ReadUInt16BigEndian(frame) == 1012
                && Encoding.UTF8.GetString(frame, 2, length - 2).StartsWith("The server restarts. Come back in ", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or EndOfStreamException)
        {
            return false;
        }
    }

    private async Task ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            buffer = buffer[read..];
        }
    }

    private static async Task<string> ReadHeadAsync(Socket socket)
    {
        // Byte by byte at the end of the head: what follows it stays in the socket.
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            if (await socket.ReceiveAsync(one) == 0)
            {
                throw new EndOfStreamException(head.ToString());
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    [GeneratedRegex("\r\nRetry-After: ([0-9]+)\r\n")]
    private static partial Regex RetryAfterPattern();

    private static bool EndsHead(StringBuilder head) => head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n";
}
