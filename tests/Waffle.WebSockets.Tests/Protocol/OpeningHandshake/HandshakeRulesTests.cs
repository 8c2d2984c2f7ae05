using CsCheck;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

public class HandshakeRulesTests
{
    private static readonly string[] _supported = ["json", "text"];

    [Fact]
    public void The_sample_handshake_of_RFC_6455_is_accepted()
    {
        var decision = Decide(Upgrade());
        Assert.True(decision.IsAccepted);
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", decision.AcceptKey);
        Assert.Null(decision.Subprotocol);
        Assert.Empty(decision.ExtensionOffers);
    }

    [Fact]
    public void An_accepted_handshake_holds_the_subprotocol_and_the_offers()
    {
        var decision = Decide(Upgrade(protocols: "text, json", extensions: "permessage-deflate; client_max_window_bits"));
        Assert.Equal("json", decision.Subprotocol);
        var offer = Assert.Single(decision.ExtensionOffers);
        Assert.Equal("permessage-deflate", offer.Name);
        Assert.Equal([new ExtensionParameter("client_max_window_bits", null)], offer.Parameters);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    [InlineData("CONNECT")]
    [InlineData("get")]
    [InlineData("")]
    public void Another_method_than_GET_is_answered_405_with_Allow(string method)
    {
        var refusal = AssertRefused(405, Upgrade(method: method));
        Assert.Equal("GET", refusal.Allow);
    }

    [Fact]
    public void HTTP_1_0_is_answered_426_with_Upgrade()
    {
        var refusal = AssertRefused(426, Upgrade(transport: HandshakeTransport.Http10));
        Assert.Equal("websocket", refusal.Upgrade);
    }

    [Theory]
    [InlineData("")]
    [InlineData("foo")]
    [InlineData("websocket/13")]
    [InlineData("websockets")]
    [InlineData("web socket")]
    [InlineData("h2c, \"websocket\"")]
    public void No_upgrade_to_websocket_is_answered_426_with_Upgrade(string upgrade)
    {
        var refusal = AssertRefused(426, Upgrade(upgrade: upgrade));
        Assert.Equal("websocket", refusal.Upgrade);
    }

    [Fact]
    public void A_plain_page_request_is_answered_426()
    {
        var request = new HandshakeRequest { Transport = HandshakeTransport.Http11, Method = "GET" };
        Assert.Equal("websocket", AssertRefused(426, request).Upgrade);
    }

    [Theory]
    [InlineData("WebSocket")]
    [InlineData("h2c, websocket")]
    [InlineData("h2c\nwebsocket")]
    public void The_upgrade_may_stand_anywhere_in_any_case(string upgrade) =>
        Assert.True(Decide(Upgrade(upgrade: upgrade.Split('\n'))).IsAccepted);

    [Theory]
    [InlineData("upgrade")]
    [InlineData("keep-alive, Upgrade")]
    [InlineData("keep-alive\nUPGRADE")]
    public void The_connection_option_may_stand_anywhere_in_any_case(string connection) =>
        Assert.True(Decide(Upgrade(connection: connection.Split('\n'))).IsAccepted);

    [Theory]
    [InlineData("")]
    [InlineData("close")]
    [InlineData("keep-alive; upgrade")]
    [InlineData("upgrade-insecure")]
    public void No_connection_option_upgrade_is_answered_400(string connection) => AssertRefused(400, Upgrade(connection: connection));

    [Fact]
    public void A_body_is_answered_400() => AssertRefused(400, Upgrade(hasBody: true));

    [Theory]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("14")]
    [InlineData("013")]
    [InlineData("13.0")]
    [InlineData("+13")]
    [InlineData("1 3")]
    [InlineData("\u0661\u0663")]
    public void Another_version_is_answered_426_with_the_one_there_is(string version)
    {
        var refusal = AssertRefused(426, Upgrade(version: version));
        Assert.Equal("13", refusal.SupportedVersion);
        Assert.Equal("websocket", refusal.Upgrade);
    }

    [Fact]
    public void No_version_is_answered_426_with_the_one_there_is() =>
        Assert.Equal("13", AssertRefused(426, Upgrade(version: StringValues.Empty)).SupportedVersion);

    [Theory]
    [InlineData("13, 8")]
    [InlineData("13,13")]
    [InlineData("13\n13")]
    [InlineData("13\n8")]
    [InlineData("\n13")]
    public void Several_versions_are_answered_400(string version) => AssertRefused(400, Upgrade(version: version.Split('\n')));

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==\ndGhlIHNhbXBsZSBub25jZQ==")]
    public void A_bad_key_is_answered_400(string key) => AssertRefused(400, Upgrade(key: key.Split('\n')));

    [Fact]
    public void No_key_is_answered_400() => AssertRefused(400, Upgrade(key: StringValues.Empty));

    [Fact]
    public void A_malformed_subprotocol_list_is_answered_400() => AssertRefused(400, Upgrade(protocols: "a b"));

    [Fact]
    public void A_malformed_extension_list_is_answered_400() => AssertRefused(400, Upgrade(extensions: "a;b=\"10"));

    [Fact]
    public void Extended_CONNECT_over_HTTP_2_is_accepted_without_key()
    {
        var decision = Decide(ExtendedConnect(protocol: "WebSocket"));
        Assert.True(decision.IsAccepted);
        Assert.Null(decision.AcceptKey);
        Assert.Equal("text", decision.Subprotocol);
        Assert.Equal("permessage-deflate", Assert.Single(decision.ExtensionOffers).Name);
    }

    [Fact]
    public void GET_over_HTTP_2_is_answered_400_with_a_reason_that_names_extended_CONNECT()
    {
        var refusal = AssertRefused(400, ExtendedConnect(method: "GET", protocol: null));
        Assert.Contains("extended CONNECT", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_methods_over_HTTP_2_are_answered_405_with_Allow() =>
        Assert.Equal("CONNECT", AssertRefused(405, ExtendedConnect(method: "POST", protocol: null)).Allow);

    [Fact]
    public void CONNECT_without_protocol_is_answered_400() => AssertRefused(400, ExtendedConnect(protocol: null));

    [Theory]
    [InlineData("connect-udp")]
    [InlineData("")]
    public void CONNECT_for_another_protocol_is_answered_501(string protocol) => AssertRefused(501, ExtendedConnect(protocol: protocol));

    [Fact]
    public void Another_version_over_HTTP_2_is_answered_without_the_forbidden_Upgrade_header()
    {
        var refusal = AssertRefused(400, ExtendedConnect(version: "8"));
        Assert.Equal("13", refusal.SupportedVersion);
        Assert.Null(refusal.Upgrade);
    }

    [Fact]
    public void Two_versions_over_HTTP_2_are_answered_400() =>
        Assert.Null(AssertRefused(400, ExtendedConnect(version: new StringValues(["13", "13"]))).SupportedVersion);

    [Fact]
    public void Arbitrary_headers_never_throw_and_every_refusal_is_a_complete_answer()
    {
        Gen.Select(
            Gen.OneOf(HandshakeTransport.Http10, HandshakeTransport.Http11, HandshakeTransport.Http2),
            Gen.OneOf("GET", "GET", "CONNECT", "POST"),
            Mostly("websocket"),
            Mostly("Upgrade"),
            Mostly("13"),
            Mostly("dGhlIHNhbXBsZSBub25jZQ=="),
            HeaderText.Lines,
            HeaderText.Lines)
            .Sample((transport, method, upgrade, connection, version, key, protocols, extensions) =>
            {
                var decision = Decide(new HandshakeRequest
                {
                    Transport = transport,
                    Method = method,
                    ExtendedConnectProtocol = upgrade.FirstOrDefault(),
                    Upgrade = upgrade,
                    Connection = connection,
                    Version = version,
                    Key = key,
                    Protocols = protocols,
                    Extensions = extensions,
                });
                return decision.IsAccepted
                    ? decision.AcceptKey is null == (transport == HandshakeTransport.Http2)
                    : IsComplete(decision.Refusal);
            });

        static Gen<string[]> Mostly(string good) => Gen.Frequency((6, Gen.Const(new[] { good })), (1, HeaderText.Lines));
    }

    private static bool IsComplete(HandshakeRefusal refusal) =>
        refusal.Status is 400 or 405 or 426 or 501
        && refusal.Reason.Length > 0
        && refusal.Reason.All(character => character is >= ' ' and <= '~')
        && refusal.Allow is not null == (refusal.Status == 405)
        && refusal.Upgrade is not null == (refusal.Status == 426);

    private static HandshakeRefusal AssertRefused(int status, HandshakeRequest request)
    {
        var decision = Decide(request);
        Assert.False(decision.IsAccepted);
        Assert.Equal(status, decision.Refusal.Status);
        Assert.True(IsComplete(decision.Refusal));
        return decision.Refusal;
    }

    private static HandshakeDecision Decide(HandshakeRequest request) => HandshakeRules.Decide(request, _supported);

    private static HandshakeRequest Upgrade(
        HandshakeTransport transport = HandshakeTransport.Http11,
        string method = "GET",
        bool hasBody = false,
        StringValues? upgrade = null,
        StringValues? connection = null,
        StringValues? version = null,
        StringValues? key = null,
        StringValues protocols = default,
        StringValues extensions = default) => new()
        {
            Transport = transport,
            Method = method,
            HasBody = hasBody,
            Upgrade = upgrade ?? "websocket",
            Connection = connection ?? "Upgrade",
            Version = version ?? "13",
            Key = key ?? "dGhlIHNhbXBsZSBub25jZQ==",
            Protocols = protocols,
            Extensions = extensions,
        };

    private static HandshakeRequest ExtendedConnect(
        string method = "CONNECT", string? protocol = "websocket", StringValues? version = null) => new()
        {
            Transport = HandshakeTransport.Http2,
            Method = method,
            ExtendedConnectProtocol = protocol,
            Version = version ?? "13",
            Protocols = "text",
            Extensions = "permessage-deflate",
        };
}
