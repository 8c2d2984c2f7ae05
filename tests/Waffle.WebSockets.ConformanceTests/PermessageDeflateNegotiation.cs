using System.Globalization;
using static Waffle.WebSockets.ConformanceTests.HandshakeServer;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>RFC 7692 5 and 7.1: which offers a server accepts, and what its answer says.</summary>
public sealed class PermessageDeflateNegotiation(HandshakeServer server) : IClassFixture<HandshakeServer>
{
    private const string Name = "permessage-deflate";
    private const string ServerNoTakeover = "server_no_context_takeover";
    private const string ClientNoTakeover = "client_no_context_takeover";
    private const string ServerBits = "server_max_window_bits";
    private const string ClientBits = "client_max_window_bits";

    [Theory]
    [InlineData(Deflate, "permessage-deflate")]
    [InlineData(DeflateFresh, "permessage-deflate; server_no_context_takeover; client_no_context_takeover")]
    public async Task The_answer_names_the_extension_that_was_accepted(string path, string expected)
    {
        await using var answer = await server.OfferAsync(path, Name);

        Assert.Equal([expected], answer["Sec-WebSocket-Extensions"]);
        await answer.Peer.ExpectCompressedEchoAsync();
    }

    [Theory]
    [InlineData("permessage-deflate; server_max_window_bits=10, permessage-deflate; server_max_window_bits=9", "10")]
    [InlineData("permessage-deflate; server_max_window_bits=9, permessage-deflate; server_max_window_bits=10, permessage-deflate", "9")]
    [InlineData("permessage-foo, permessage-deflate; server_max_window_bits=11, permessage-deflate", "11")]
    [InlineData("permessage-deflate; what, permessage-deflate; server_max_window_bits=12, permessage-deflate", "12")]
    [InlineData("permessage-deflate, permessage-deflate; server_max_window_bits=13", null)]
    public async Task Of_several_offers_the_first_that_can_be_accepted_is(string offers, string? expected)
    {
        await using var inOneLine = await server.OfferAsync(Deflate, offers);
        await using var inSeveral = await server.OfferAsync(Deflate, offers.Split(", "));

        Assert.Equal(expected, inOneLine.AgreedParameters().GetValueOrDefault(ServerBits));
        Assert.Equal(expected, inSeveral.AgreedParameters().GetValueOrDefault(ServerBits));
    }

    [Theory]
    [InlineData("permessage-bzip2, permessage-deflate")]
    [InlineData("permessage-deflate, permessage-bzip2, x-webkit-deflate-frame, permessage-lz4; level=3")]
    [InlineData("x-webkit-deflate-frame, bbf-usp-protocol, permessage-deflate, permessage-deflate")]
    public async Task No_other_extension_is_accepted_beside_it(string offers)
    {
        await using var answer = await server.OfferAsync(Deflate, offers);

        Assert.Empty(answer.AgreedParameters());
        await answer.Peer.ExpectCompressedEchoAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("permessage-bzip2, x-webkit-deflate-frame, Permessage-Deflate")]
    [InlineData("permessage-deflate; unknown")]
    public async Task Who_declines_all_offers_names_no_extension_and_goes_on_without(string? offers)
    {
        await using var answer = await server.OfferAsync(Deflate, offers is null ? [] : [offers]);

        Assert.Empty(answer["Sec-WebSocket-Extensions"]);
        await answer.ExpectEchoAsync();
        await answer.Peer.SendCompressedAsync(CompressedPeer.Hello);
        await answer.Peer.ExpectCloseAsync(CloseCode.ProtocolError);
    }

    [Theory]
    [InlineData("permessage-deflate; constructor")]
    [InlineData("permessage-deflate; max_window_bits=10")]
    [InlineData("permessage-deflate; Server_No_Context_Takeover")]
    [InlineData("permessage-deflate; server_max_window_bits=10; x=y")]
    public Task A_parameter_that_is_not_defined_declines_the_offer(string offer) => DeclinesAsync(offer);

    [Theory]
    [InlineData("server_no_context_takeover=true")]
    [InlineData("client_no_context_takeover=1")]
    [InlineData("server_max_window_bits")]
    [InlineData("server_max_window_bits=0")]
    [InlineData("server_max_window_bits=7")]
    [InlineData("server_max_window_bits=16")]
    [InlineData("server_max_window_bits=08")]
    [InlineData("server_max_window_bits=+9")]
    [InlineData("server_max_window_bits=9.0")]
    [InlineData("client_max_window_bits=7")]
    [InlineData("client_max_window_bits=16")]
    [InlineData("client_max_window_bits=010")]
    [InlineData("client_max_window_bits=ten")]
    [InlineData("client_max_window_bits=18446744073709551625")]
    public Task A_parameter_with_an_invalid_value_declines_the_offer(string parameter) => DeclinesAsync($"{Name}; {parameter}");

    [Theory]
    [InlineData("server_no_context_takeover")]
    [InlineData("client_no_context_takeover")]
    [InlineData("server_max_window_bits=10")]
    [InlineData("client_max_window_bits")]
    public Task A_parameter_that_comes_twice_declines_the_offer(string parameter) => DeclinesAsync($"{Name}; {parameter}; {parameter}");

    [Theory]
    [InlineData(Deflate)]
    [InlineData(DeflateFresh)]
    public async Task Every_defined_configuration_is_accepted_and_the_answer_says_what_of_it_holds(string path)
    {
        var windows = Enumerable.Range(8, 8).Select(bits => bits.ToString(CultureInfo.InvariantCulture)).ToArray();
        string[] takeovers = ["", ServerNoTakeover, ClientNoTakeover, $"{ServerNoTakeover}; {ClientNoTakeover}"];
        foreach (var (takeover, serverBits) in from takeover in takeovers from bits in (string[])["", .. windows] select (takeover, bits))
        {
            foreach (var clientBits in (string?[])[null, "", .. windows])
            {
                await ExpectAgreementAsync(path, takeover, serverBits, clientBits);
            }
        }
    }

    [Theory]
    [InlineData("8", "8")]
    [InlineData("9", "9")]
    [InlineData("10", "10")]
    [InlineData("15", "15")]
    [InlineData("\"10\"", "10")]
    [InlineData("\"1\\0\"", "10")]
    public async Task Window_bits_in_the_answer_are_plain_digits_and_no_more_than_offered(string offered, string expected)
    {
        await using var answer = await server.OfferAsync(Deflate, $"{Name}; {ServerBits}={offered}; {ClientBits}={offered}");

        var agreed = answer.AgreedParameters();
        Assert.Equal((expected, expected), (agreed[ServerBits], agreed[ClientBits]));
    }

    private async Task DeclinesAsync(string offer)
    {
        await using var declined = await server.OfferAsync(Deflate, offer);
        Assert.Empty(declined["Sec-WebSocket-Extensions"]);
        await declined.ExpectEchoAsync();

        // Only this offer: the next one is looked at.
        await using var answer = await server.OfferAsync(Deflate, $"{offer}, {Name}; {ServerBits}=14");
        Assert.Equal([(ServerBits, "14")], answer.AgreedParameters().Select(agreed => (agreed.Key, agreed.Value)));
    }

    // A client's bits: not offered, offered without a value, or with one.
    private async Task ExpectAgreementAsync(string path, string takeover, string serverBits, string? clientBits)
    {
        string[] offer =
        [
            Name,
            .. takeover.Length == 0 ? [] : (string[])[takeover],
            .. serverBits.Length == 0 ? [] : (string[])[$"{ServerBits}={serverBits}"],
            .. clientBits is null ? [] : (string[])[clientBits.Length == 0 ? ClientBits : $"{ClientBits}={clientBits}"],
        ];
        await using var answer = await server.OfferAsync(path, string.Join("; ", offer));

        var agreed = answer.AgreedParameters();
        foreach (var parameter in (string[])[ServerNoTakeover, ClientNoTakeover])
        {
            Assert.Equal(path == DeflateFresh || takeover.Contains(parameter, StringComparison.Ordinal), agreed.Remove(parameter));
        }

        Assert.Equal(serverBits, agreed.Remove(ServerBits, out var ofServer) ? ofServer : string.Empty);
        Assert.Equal(clientBits ?? string.Empty, agreed.Remove(ClientBits, out var ofClient) ? ofClient : string.Empty);
        Assert.Empty(agreed);
    }
}
