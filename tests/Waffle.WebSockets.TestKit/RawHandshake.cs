using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Waffle.WebSockets.TestKit;

/// <summary>A hand-made opening handshake over any stream.</summary>
public static class RawHandshake
{
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    /// <summary>A request's text.</summary>
    /// <param name="path">The request target.</param>
    /// <param name="change">Changes, adds or removes header lines.</param>
    /// <param name="requestLine">In place of the usual one.</param>
    public static string Request(string path, Action<List<string>>? change = null, string? requestLine = null)
    {
        List<string> lines =
        [
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            $"Sec-WebSocket-Key: {Key}",
            "Sec-WebSocket-Version: 13",
        ];
        change?.Invoke(lines);
        return string.Join("\r\n", [requestLine ?? $"GET {path} HTTP/1.1", .. lines, string.Empty, string.Empty]);
    }

    /// <summary>Sends the request's text and reads the answer's head: status line and headers. What follows stays in the pipe.</summary>
    public static async Task<(string Head, IDuplexPipe Transport)> SendAsync(Stream stream, string request)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var reader = PipeReader.Create(stream);
        using var patience = new CancellationTokenSource(RawPeer.Patience);
        while (true)
        {
            var result = await reader.ReadAsync(patience.Token);
            if (TryTakeHead(result.Buffer, out var head, out var end))
            {
                reader.AdvanceTo(end);
                return (head, new DuplexPipe(reader, PipeWriter.Create(stream)));
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                return (Encoding.Latin1.GetString(result.Buffer), new DuplexPipe(reader, PipeWriter.Create(stream)));
            }
        }
    }

    /// <summary>Connects a hand-made peer to a server's endpoint.</summary>
    public static async Task<RawPeer> ConnectPeerAsync(this KestrelHost host, string path, Action<List<string>>? change = null) =>
        await UpgradeAsync(await host.ConnectAsync(), path, change);

    /// <summary>Makes a stream to a server a hand-made peer's.</summary>
    public static async Task<RawPeer> UpgradeAsync(Stream stream, string path, Action<List<string>>? change = null)
    {
        var (head, transport) = await SendAsync(stream, Request(path, change));
        return head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)
            ? new RawPeer(transport)
            : throw new InvalidOperationException($"The handshake was refused: {head}");
    }

    private static bool TryTakeHead(ReadOnlySequence<byte> buffer, out string head, out SequencePosition end)
    {
        var reader = new SequenceReader<byte>(buffer);
        var found = reader.TryReadTo(out ReadOnlySequence<byte> bytes, "\r\n\r\n"u8);
        head = found ? Encoding.Latin1.GetString(bytes) : string.Empty;
        end = reader.Position;
        return found;
    }
}
