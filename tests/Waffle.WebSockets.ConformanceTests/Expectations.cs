using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>What the tests say and hear as a client.</summary>
internal static class Expectations
{
    private static readonly byte[] _mask = [0xA5, 0x5A, 0x3C, 0xC3];

    public static byte[] Utf8Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A client's frame, to be sent by itself or with others in one piece.</summary>
    public static byte[] Frame(
        byte opcode, ReadOnlySpan<byte> payload = default, bool isFinal = true, int reservedBits = 0, int lengthForm = 0) =>
        RawFrame.Encode(opcode, payload, isFinal, _mask, reservedBits, lengthForm);

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
        var frame = await peer.NextAsync();
        Assert.Equal((RawFrame.CloseOpcode, code), (frame.Opcode, frame.CloseCode));
        return frame;
    }

    /// <summary>
    /// The server has failed the connection for what was sent last: a Close with this code and nothing else, an exception for the
    /// reader, and the end.
    /// </summary>
    public static async Task ExpectFailureAsync(this ConnectionPair pair, CloseCode code)
    {
        await pair.Client.ExpectCloseAsync(code);
        var thrown = await Assert.ThrowsAnyAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().Soon());
        Assert.True(thrown is WebSocketProtocolException or MessageTooBigException, thrown.Message);
        Assert.Equal(code, thrown.Close.Code);
        await pair.Client.EndAsync();
        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    /// <summary>Both ways still work.</summary>
    public static async Task ExpectOpenAsync(this ConnectionPair pair)
    {
        await pair.Client.SendTextAsync("are you there?");
        Assert.Equal("are you there?", await pair.Server.ReadTextAsync().Soon());
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync("I am."));
        var answer = await pair.Client.NextAsync();
        Assert.Equal((RawFrame.TextOpcode, "I am."), (answer.Opcode, answer.Text));
    }
}
