using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Each code has the name and the number of the IANA registry of close codes.</summary>
public sealed class CloseCodeTests
{
    [Theory]
    [InlineData("NormalClosure", 1000)]
    [InlineData("GoingAway", 1001)]
    [InlineData("ProtocolError", 1002)]
    [InlineData("UnsupportedData", 1003)]
    [InlineData("NoStatusReceived", 1005)]
    [InlineData("AbnormalClosure", 1006)]
    [InlineData("InvalidFramePayloadData", 1007)]
    [InlineData("PolicyViolation", 1008)]
    [InlineData("MessageTooBig", 1009)]
    [InlineData("MandatoryExtension", 1010)]
    [InlineData("InternalError", 1011)]
    [InlineData("ServiceRestart", 1012)]
    [InlineData("TryAgainLater", 1013)]
    [InlineData("BadGateway", 1014)]
    [InlineData("TlsHandshake", 1015)]
    public void A_name_has_its_number(string name, int number) => Assert.Equal(number, (int)Enum.Parse<CloseCode>(name));

    [Fact]
    public async Task The_number_is_what_the_peer_gets()
    {
        await using var pair = ConnectionPair.Create();
        _ = pair.Server.CloseAsync(CloseCode.ServiceRestart);

        Assert.Equal([0x03, 0xF4], (await pair.Client.NextAsync()).Payload);
    }
}
