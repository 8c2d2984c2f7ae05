using Waffle.WebSockets.Protocol.OpeningHandshake;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Tests.Protocol.PermessageDeflate;

public sealed class DeflateNegotiationTests
{
    [Theory]
    [InlineData("permessage-deflate", "permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits", "permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits=\"10\"", "permessage-deflate; client_max_window_bits=10")]
    [InlineData("permessage-deflate; client_max_window_bits=15", "permessage-deflate; client_max_window_bits=15")]
    [InlineData("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover")]
    [InlineData("permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover")]
    [InlineData("permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits=8")]
    [InlineData("permessage-deflate ; server_max_window_bits = \"1\\0\"", "permessage-deflate; server_max_window_bits=10")]
    [InlineData("permessage-deflate; server_max_window_bits=15", "permessage-deflate; server_max_window_bits=15")]
    [InlineData(
        "permessage-deflate; client_max_window_bits=9; server_max_window_bits=12; client_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12; client_max_window_bits=9")]
    [InlineData("x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=10, permessage-deflate", "permessage-deflate; server_max_window_bits=10")]
    [InlineData("permessage-deflate; what=7, permessage-deflate; server_max_window_bits=7, permessage-deflate", "permessage-deflate")]
    [InlineData(", permessage-deflate, ,", "permessage-deflate")]
    public void The_first_offer_that_can_be_accepted_is(string offers, string answer) =>
        Assert.Equal(answer, Choose(offers, allowTakeover: true)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("bbf-usp-protocol")]
    [InlineData("Permessage-Deflate")]
    [InlineData("permessage-deflate; server_max_window_bits")]
    [InlineData("permessage-deflate; server_max_window_bits=0")]
    [InlineData("permessage-deflate; server_max_window_bits=7")]
    [InlineData("permessage-deflate; server_max_window_bits=16")]
    [InlineData("permessage-deflate; server_max_window_bits=08")]
    [InlineData("permessage-deflate; server_max_window_bits=10; server_max_window_bits=10")]
    [InlineData("permessage-deflate; client_max_window_bits=16")]
    [InlineData("permessage-deflate; client_max_window_bits; client_max_window_bits")]
    [InlineData("permessage-deflate; server_no_context_takeover=true")]
    [InlineData("permessage-deflate; client_no_context_takeover=1")]
    [InlineData("permessage-deflate; constructor")]
    public void Any_other_is_declined_without_harm(string offers) => Assert.Null(Choose(offers, allowTakeover: true));

    [Fact]
    public void Where_contexts_are_not_kept_the_answer_says_so() => Assert.Equal(
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9",
        Choose("permessage-deflate; server_max_window_bits=9", allowTakeover: false)?.ToString());

    [Fact]
    public void The_clients_window_is_kept_as_it_says()
    {
        Assert.Equal(15, Choose("permessage-deflate", allowTakeover: true)?.InflateWindowBits);
        Assert.Equal(10, Choose("permessage-deflate; client_max_window_bits=10", allowTakeover: true)?.InflateWindowBits);
        Assert.Equal(0, Choose("permessage-deflate; client_no_context_takeover", allowTakeover: true)?.InflateWindowBits);

        // A widely used library takes 9 where it is told 8.
        Assert.Equal(9, Choose("permessage-deflate; client_max_window_bits=8", allowTakeover: true)?.InflateWindowBits);
    }

    private static DeflateAgreement? Choose(string header, bool allowTakeover)
    {
        Assert.True(ExtensionHeader.TryParse(header, out var offers));
        return DeflateNegotiation.Choose(offers, allowTakeover);
    }
}
