using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>A client that offers compression to a real server, and sends and hears marked messages (RFC 7692).</summary>
internal static partial class CompressedPeer
{
    /// <summary>RSV1, the "Per-Message Compressed" bit.</summary>
    public const int Rsv1 = 4;

    /// <summary>"Hello" as the RFC compresses it, with a fixed code (RFC 7692 7.2.3.1).</summary>
    public static byte[] Hello => Convert.FromHexString("F248CDC9C90700");

    /// <summary>"Hello" once more, by reference to the one before (RFC 7692 7.2.3.2).</summary>
    public static byte[] HelloAgain => Convert.FromHexString("F200110000");

    /// <summary>Connects with these header lines of offers.</summary>
    public static async Task<HandshakeAnswer> OfferAsync(this HandshakeServer server, string path, params string[] offers)
    {
        var answer = await server.SendAsync(RawHandshake.Request(
            path, lines => lines.AddRange(offers.Select(offer => $"Sec-WebSocket-Extensions: {offer}"))));
        Assert.Equal(101, answer.Status);
        return answer;
    }

    /// <summary>The one element of the answer: the extension's parameters, each of which occurs once.</summary>
    public static Dictionary<string, string?> AgreedParameters(this HandshakeAnswer answer)
    {
        var element = Element().Match(Assert.Single(answer["Sec-WebSocket-Extensions"]));
        Assert.True(element.Success, "The answer is one element with the extension's name.");
        return element.Groups["parameter"].Captures.Select(parameter => parameter.Value.Split('='))
            .ToDictionary(parts => parts[0], parts => parts.ElementAtOrDefault(1));
    }

    /// <summary>Sends a message of one frame that is marked as compressed.</summary>
    public static Task SendCompressedAsync(this RawPeer peer, byte[] payload, byte opcode = RawFrame.BinaryOpcode) =>
        peer.SendFrameAsync(opcode, payload, reservedBits: Rsv1);

    /// <summary>The payload of the next frame, which must be a whole compressed message.</summary>
    public static async Task<byte[]> NextCompressedAsync(this RawPeer peer, byte opcode = RawFrame.BinaryOpcode)
    {
        var frame = await peer.NextAsync();
        Assert.Equal((true, Rsv1, opcode), (frame.IsFinal, frame.ReservedBits, frame.Opcode));
        return frame.Payload;
    }

    /// <summary>Sends a text and gets it back, both compressed; it is long enough to be worth it even by itself.</summary>
    public static async Task ExpectCompressedEchoAsync(this RawPeer peer)
    {
        var text = Expectations.Utf8Bytes(new string('a', 100));
        await peer.SendCompressedAsync(DeflateBlocks.Stored(text), RawFrame.TextOpcode);
        Assert.Equal(text, new DeflateWalker().Read(await peer.NextCompressedAsync(RawFrame.TextOpcode)));
    }

    // The extension's name, then parameters without or with a value, which is never quoted.
    [GeneratedRegex("^permessage-deflate(; (?<parameter>[a-z_]+(=[0-9]+)?))*$")]
    private static partial Regex Element();
}
