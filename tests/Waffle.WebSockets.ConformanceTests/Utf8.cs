using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 6455 5.6 and 8.1: text is UTF-8.</summary>
public sealed class Utf8(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    public static TheoryData<string> Invalid =>
    [
        "FF",
        "80", // continues nothing
        "C3", // cut short
        "C328",
        "C0AF", // longer than needed
        "E0809F",
        "F08080AF",
        "EDA080", // half of a pair
        "EDBFBF",
        "F4908080", // above U+10FFFF
        "F8888080",
        "E282",
        "F09F98",
        "CEBAE1BDB9CF83CEBCCEB5EDA080656469746564",
    ];

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Text_that_is_not_UTF_8_closes_with_1007(string hex)
    {
        byte[] bytes = [.. "ok "u8, .. Convert.FromHexString(hex)];
        await using (var whole = ConnectionPair.Create())
        {
            await whole.Client.SendFrameAsync(RawFrame.TextOpcode, bytes);
            await whole.ExpectFailureAsync(CloseCode.InvalidFramePayloadData);
        }

        await using var fragmented = ConnectionPair.Create();
        await fragmented.Client.SendBytesAsync((byte[])
        [
            .. Frame(RawFrame.TextOpcode, isFinal: false),
            .. bytes.SelectMany(value => Frame(RawFrame.Continuation, [value], isFinal: false)),
            .. Frame(RawFrame.Continuation),
        ]);
        await fragmented.ExpectFailureAsync(CloseCode.InvalidFramePayloadData);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_fine_in_a_binary_message()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBinaryAsync(new byte[] { 0xFF, 0xC0, 0x80 });

        Assert.Equal([0xFF, 0xC0, 0x80], await pair.Server.ReadBinaryAsync().Soon());
    }

    [Theory]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("\U0001F600")]
    public async Task A_character_split_between_fragments_is_accepted(string character)
    {
        var bytes = Utf8Bytes(character);
        await using var pair = ConnectionPair.Create();
        for (var split = 1; split < bytes.Length; split++)
        {
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, bytes.AsMemory(0, split), isFinal: false);
            await pair.Client.SendFrameAsync(RawFrame.Continuation, bytes.AsMemory(split));

            Assert.Equal(character, await pair.Server.ReadTextAsync().Soon());
        }
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task A_close_reason_that_is_not_UTF_8_closes_with_1007(string hex)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(RawFrame.CloseOpcode, (byte[])[3, 232, .. Convert.FromHexString(hex)]);

        await pair.ExpectFailureAsync(CloseCode.InvalidFramePayloadData);
    }

    [Theory]
    [InlineData("GET /echo?\u00FF HTTP/1.1")]
    [InlineData("GET /echo HTTP/1.1", "Origin: http://\u00FF")]
    [InlineData("GET /echo HTTP/1.1", "Sec-WebSocket-Protocol: \u00C0\u00AF")]
    [InlineData("GET /echo HTTP/1.1", "Sec-WebSocket-Extensions: \u00ED\u00A0\u0080")]
    public async Task A_handshake_that_is_not_UTF_8_is_refused(string requestLine, params string[] lines)
    {
        // Each character stands for the byte of its number.
        var request = RawHandshake.Request(HandshakeServer.Echo, all => all.AddRange(lines), requestLine);

        await server.RefusesAsync(request, 400);
    }
}
