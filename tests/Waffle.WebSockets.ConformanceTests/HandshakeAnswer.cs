using System.Globalization;
using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>The head of an answer to an opening handshake, and the connection behind it.</summary>
public sealed class HandshakeAnswer : IAsyncDisposable
{
    private readonly ILookup<string, string> _headers;

    public HandshakeAnswer(string head, RawPeer peer)
    {
        Peer = peer;
        var lines = head.Split("\r\n");
        Assert.Matches(@"^HTTP/1\.1 [1-5]\d\d ", lines[0]);
        Assert.All(lines[1..], line => Assert.Matches(@"^[A-Za-z0-9-]+:[ -~]*$", line));
        StatusLine = lines[0];
        Status = int.Parse(StatusLine.AsSpan(9, 3), CultureInfo.InvariantCulture);
        _headers = lines[1..].Select(line => line.Split(':', 2))
            .ToLookup(parts => parts[0], parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase);
    }

    public string StatusLine { get; }

    public int Status { get; }

    /// <summary>What follows the head.</summary>
    public RawPeer Peer { get; }

    /// <summary>All lines of a header.</summary>
    public IReadOnlyList<string> this[string header] => [.. _headers[header]];

    /// <summary>The connection is a WebSocket: a message comes back.</summary>
    public async Task ExpectEchoAsync()
    {
        await Peer.SendTextAsync("hello");
        var echo = await Peer.NextAsync();
        Assert.Equal((RawFrame.TextOpcode, "hello"), (echo.Opcode, echo.Text));
    }

    /// <summary>What comes until the server ends the connection.</summary>
    public async Task<string> ReadRestAsync()
    {
        using var patience = new CancellationTokenSource(RawPeer.Patience);
        var rest = new StringBuilder();
        while (true)
        {
            var result = await Peer.Transport.Input.ReadAsync(patience.Token);
            rest.Append(Encoding.Latin1.GetString(result.Buffer));
            Peer.Transport.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return rest.ToString();
            }
        }
    }

    public ValueTask DisposeAsync() => Peer.DisposeAsync();
}
