using System.Text;
using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>What a real server answers to offers of compression, and does then (RFC 7692 7.1).</summary>
public sealed class CompressionAgreementTests
{
    private const string ServerForgets = "server_no_context_takeover";
    private const string ClientForgets = "client_no_context_takeover";

    public static MatrixTheoryData<MessageCompression, string> Offers => new(
        Enum.GetValues<MessageCompression>(), ["", $"; {ServerForgets}", $"; {ClientForgets}", $"; {ServerForgets}; {ClientForgets}"]);

    [Theory]
    [InlineData(true, ", permessage-deflate")]
    [InlineData(true, "permessage-deflate, ,")]
    [InlineData(true, "", "permessage-deflate")]
    [InlineData(true, "permessage-deflate", "")]
    [InlineData(false, ", ,")]
    public async Task C02_compression_is_agreed_where_it_was_offered_among_empty_elements(bool isOffered, params string[] lines)
    {
        await using var host = await StartAsync(MessageCompression.ContextTakeover);
        var (extensions, peer) = await ConnectAsync(host, lines);
        Assert.Equal(isOffered ? "permessage-deflate" : null, extensions);
        await peer.DisposeAsync();
        Assert.Empty(host.Complaints());
    }

    // The client keeps its window from message to message whenever the answer allows it, and so do we.
    [Theory]
    [MemberData(nameof(Offers))]
    public async Task C29_both_sides_keep_their_windows_as_far_as_the_answer_says(MessageCompression compression, string parameters)
    {
        await using var host = await StartAsync(compression);
        var (extensions, peer) = await ConnectAsync(host, $"permessage-deflate{parameters}");
        var isCompressed = compression != MessageCompression.Disabled;
        var forgetsAll = compression == MessageCompression.NoContextTakeover;
        var (serverForgets, clientForgets) = (extensions?.Contains(ServerForgets) ?? false, extensions?.Contains(ClientForgets) ?? false);
        Assert.Equal(isCompressed, extensions is not null);
        Assert.Equal(isCompressed && (forgetsAll || parameters.Contains(ServerForgets)), serverForgets);
        Assert.Equal(isCompressed && (forgetsAll || parameters.Contains(ClientForgets)), clientForgets);

        // A kilobyte in which nothing occurs twice, four times: the later ones can only refer to the first.
        var data = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(100, 256).Select(number => $"{number * 7919 % 9973:x4}")));
        var outgoing = new DeflatePeer(keepsWindow: !clientForgets);
        var incoming = new DeflatePeer(keepsWindow: !serverForgets);
        var (sent, received) = (new List<int>(), new List<int>());
        for (var i = 0; i < 4; i++)
        {
            var payload = isCompressed ? outgoing.Compress(data) : data;
            await peer.SendFrameAsync(RawFrame.TextOpcode, payload, reservedBits: compression.ReservedBits());
            var frame = await peer.NextAsync();
            Assert.Equal(data, incoming.PayloadOf(frame));
            sent.Add(payload.Length);
            received.Add(frame.Payload.Length);
        }

        AssertLengths(sent, isKept: isCompressed && !clientForgets);
        AssertLengths(received, isKept: isCompressed && !serverForgets);
        await peer.DisposeAsync();
    }

    private static void AssertLengths(List<int> lengths, bool isKept) =>
        Assert.All(lengths[1..], length => Assert.True(isKept ? length < 100 : length == lengths[0] && length > 400));

    private static Task<KestrelHost> StartAsync(MessageCompression compression) => KestrelHost.StartAsync(app => app.MapWebSocket(
        "/ws",
        async (connection, ct) =>
        {
            await foreach (var message in connection.ReadAllAsync(ct))
            {
                await connection.WriteAsync(message.Kind, message.Data, ct);
            }
        },
        options => (options.Compression, options.CompressionThreshold) = (compression, 0)));

    // What the answer says of extensions, and the peer behind it.
    private static async Task<(string? Extensions, RawPeer Peer)> ConnectAsync(KestrelHost host, params string[] offers)
    {
        const string Name = "Sec-WebSocket-Extensions: ";
        var request = RawHandshake.Request("/ws", lines => lines.AddRange(offers.Select(offer => Name + offer)));
        var (head, transport) = await RawHandshake.SendAsync(await host.ConnectAsync(), request);
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        var answer = head.Split("\r\n").SingleOrDefault(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return (answer?[Name.Length..], new RawPeer(transport));
    }
}
