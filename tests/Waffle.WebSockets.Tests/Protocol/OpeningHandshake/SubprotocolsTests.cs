using CsCheck;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

public class SubprotocolsTests
{
    private static readonly string[] _jsonThenText = ["json", "text"];

    [Fact]
    public void The_order_of_the_server_wins() => Assert.Equal("json", Select("text, json"));

    [Fact]
    public void None_in_common_selects_none() => Assert.Null(Select("xml, Json"));

    [Fact]
    public void No_header_selects_none() => Assert.Null(Select(StringValues.Empty));

    [Fact]
    public void A_server_without_subprotocols_selects_none()
    {
        Assert.True(Subprotocols.TrySelect("json", [], out var selected));
        Assert.Null(selected);
    }

    [Fact]
    public void A_header_without_elements_selects_none() => Assert.Null(Select(" ,, "));

    [Fact]
    public void Empty_elements_and_lines_are_skipped() => Assert.Equal("text", Select(new StringValues([", ,", "", ",text,"])));

    [Fact]
    public void An_element_offered_twice_is_selected_once() => Assert.Equal("json", Select("json, json"));

    [Theory]
    [InlineData("json, eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln\njson")]
    public void A_bearer_token_among_the_elements_is_never_selected(string lines) => Assert.Equal("json", Select(lines.Split('\n')));

    [Fact]
    public void The_selected_value_is_the_string_of_the_server()
    {
        Assert.True(Subprotocols.TrySelect(new string("json".AsSpan()), _jsonThenText, out var selected));
        Assert.Same(_jsonThenText[0], selected);
    }

    [Theory]
    [InlineData("json, te xt")]
    [InlineData("json; q=1")]
    [InlineData("\"json\"")]
    [InlineData("json, caf\u00E9")]
    [InlineData("json, a\0b")]
    [InlineData("json, a/b")]
    public void An_element_that_is_no_token_is_malformed(string line) => AssertMalformed(line);

    [Fact]
    public void Of_32_elements_the_last_can_be_selected() => Assert.Equal("json", Select(Repeat("x,", 31) + "json"));

    [Fact]
    public void The_33rd_element_is_refused() => AssertMalformed(new StringValues([Repeat("x,", 32), "json"]));

    [Fact]
    public void An_element_of_4096_bytes_is_accepted() => Assert.Equal("json", Select(new string('x', 4096) + ",json"));

    [Fact]
    public void An_element_of_4097_bytes_is_refused() => AssertMalformed(new string('x', 4097) + ",json");

    [Fact]
    public void Twenty_thousand_blanks_between_two_names_are_skipped() =>
        Assert.Equal("text", Select("xml," + new string(' ', 20_000) + "text"));

    // As C05 of ExtensionHeaderTests.
    [Fact]
    public void C05_ten_million_blanks_between_two_names_are_skipped() =>
        Assert.Equal("text", Select("xml," + new string(' ', 10_000_000) + "text"));

    [Fact]
    public void Twenty_thousand_blanks_inside_an_element_are_refused() => AssertMalformed("a" + new string(' ', 20_000) + "b");

    [Fact]
    public void Ten_thousand_separators_are_skipped() => Assert.Equal("text", Select(new string(',', 10_000) + "text"));

    [Fact]
    public void Names_known_to_runtimes_are_names_like_any_other() => Assert.Null(Select("constructor, __proto__, ToString, GetHashCode"));

    [Fact]
    public void Arbitrary_text_never_throws_and_selects_only_what_the_server_speaks() =>
        HeaderText.Lines.Sample(lines =>
            !Subprotocols.TrySelect(lines, _jsonThenText, out var selected) || selected is null || _jsonThenText.Contains(selected));

    [Fact]
    public void The_selection_is_the_first_of_the_server_that_is_offered() =>
        Gen.Select(HeaderText.Of("abcd", 1, 2).Array[0, 6], HeaderText.Of("abcd", 1, 2).Array[0, 6]).Sample((offered, supported) =>
            Subprotocols.TrySelect(string.Join(", ", offered), supported, out var selected)
            && selected == supported.FirstOrDefault(offered.Contains));

    [Fact]
    public void Selecting_allocates_nothing()
    {
        StringValues offered = "xml, text, json";
        var accepted = Subprotocols.TrySelect(offered, _jsonThenText, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        accepted = accepted
            && Subprotocols.TrySelect(offered, _jsonThenText, out _)
            && Subprotocols.TrySelect(StringValues.Empty, _jsonThenText, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(accepted);
    }

    private static string? Select(StringValues offered)
    {
        Assert.True(Subprotocols.TrySelect(offered, _jsonThenText, out var selected));
        return selected;
    }

    private static void AssertMalformed(StringValues offered)
    {
        Assert.False(Subprotocols.TrySelect(offered, _jsonThenText, out var selected));
        Assert.Null(selected);
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
