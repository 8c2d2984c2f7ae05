using CsCheck;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

public class ExtensionHeaderTests
{
    [Theory]
    [InlineData("permessage-deflate", "permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits", "permessage-deflate;client_max_window_bits")]
    [InlineData("a;b=1;b=2,a", "a;b=1;b=2|a")]
    [InlineData("a;b=\"10\"", "a;b=10")]
    [InlineData("a;b=\"1\\0\"", "a;b=10")]
    [InlineData("a;b=\"\\1\\0\" , c", "a;b=10|c")]
    [InlineData(" a\t ;\tb \t=  \"10\" ;c\t, \td ", "a;b=10;c|d")]
    [InlineData(", a", "a")]
    [InlineData("a, ,", "a")]
    [InlineData(",,\t,", "")]
    [InlineData("", "")]
    [InlineData("constructor;__proto__=toString", "constructor;__proto__=toString")]
    public void A_well_formed_line_gives_its_offers(string line, string expected) => Assert.Equal(expected, Parse(line));

    [Fact]
    public void Offers_come_in_order_over_all_lines() =>
        Assert.Equal("a|b;c=1|d", Parse(new StringValues(["", "a, b;c=1", null, ",", "d"])));

    [Theory]
    [InlineData(", permessage-deflate")]
    [InlineData("permessage-deflate, ,")]
    [InlineData("", "permessage-deflate")]
    public void C02_empty_elements_hide_no_offer(params string[] lines) => Assert.Equal("permessage-deflate", Parse(lines));

    [Theory]
    [InlineData("client_max_window_bits=\"10\"", "client_max_window_bits=10")]
    [InlineData("server_max_window_bits=\"1\\0\"", "server_max_window_bits=10")]
    [InlineData(" \tserver_max_window_bits \t=\t \"10\" ", "server_max_window_bits=10")]
    public void C03_a_quoted_value_counts_as_what_it_holds(string parameter, string expected) =>
        Assert.Equal($"permessage-deflate;{expected}", Parse($"permessage-deflate;{parameter}"));

    // A parser that looks back at each step, or begins anew, would take days.
    [Fact]
    public void C05_a_list_of_ten_million_characters_is_read_once()
    {
        const int Length = 10_000_000;
        Assert.Equal("a", Parse(new string(',', Length) + "a"));
        AssertMalformed("a;b=\"" + new string('\\', Length));
    }

    [Fact]
    public void An_absent_header_gives_no_offers() => Assert.Equal("", Parse(StringValues.Empty));

    [Theory]
    [InlineData(";")]
    [InlineData("=")]
    [InlineData("a b")]
    [InlineData("a;")]
    [InlineData("a;;b")]
    [InlineData("a;,b")]
    [InlineData("a;b=")]
    [InlineData("a;b=,c")]
    [InlineData("a;b==1")]
    [InlineData("a;=1")]
    [InlineData("a;b c")]
    [InlineData("a=1")]
    [InlineData("\"a\"")]
    [InlineData("a;\"b\"")]
    [InlineData("a;b=\"\"")]
    [InlineData("a;b=\"1 0\"")]
    [InlineData("a;b=\"1,0\"")]
    [InlineData("a;b=\"1\\\"0\"")]
    [InlineData("a;b=\"1\\\\0\"")]
    [InlineData("a;b=\"10")]
    [InlineData("a;b=\"10\\")]
    [InlineData("a;b=\"10\\\"")]
    [InlineData("a;b=\"10\"x")]
    [InlineData("a;b=1\"0\"")]
    [InlineData("a;b='10'/")]
    [InlineData("caf\u00E9")]
    [InlineData("a;b=\"\u0661\"")]
    [InlineData("a\0")]
    [InlineData("a\u00A0;b")]
    public void A_malformed_line_is_refused_also_beside_a_good_one(string line)
    {
        AssertMalformed(line);
        AssertMalformed(new StringValues(["permessage-deflate", line]));
        AssertMalformed(new StringValues([line, "permessage-deflate"]));
    }

    [Fact]
    public void A_quoted_string_does_not_reach_into_the_next_line() => AssertMalformed(new StringValues(["a;b=\"1", "0\""]));

    [Fact]
    public void Sixteen_offers_over_two_lines_are_accepted()
    {
        Assert.True(ExtensionHeader.TryParse(new StringValues([Repeat("a,", 8), Repeat("a,", 8)]), out var offers));
        Assert.Equal(16, offers.Count);
    }

    [Fact]
    public void The_17th_offer_is_refused() => AssertMalformed(new StringValues([Repeat("a,", 8), Repeat("a,", 9)]));

    [Fact]
    public void Sixteen_parameters_are_accepted() => Assert.Equal("a" + Repeat(";b", 16), Parse("a" + Repeat("; b", 16)));

    [Fact]
    public void The_17th_parameter_of_an_offer_is_refused() => AssertMalformed("a" + Repeat("; b", 17));

    [Theory]
    [InlineData("", "")]
    [InlineData("a;", "")]
    [InlineData("a;b=", "")]
    [InlineData("a;b=\"", "\"")]
    [InlineData("a;b=\"\\", "\"")]
    public void A_token_of_128_bytes_is_accepted_and_one_of_129_refused(string before, string after)
    {
        Assert.Contains(new string('x', 128), Parse(before + new string('x', 128) + after), StringComparison.Ordinal);
        AssertMalformed(before + new string('x', 129) + after);
    }

    [Fact]
    public void Backslashes_do_not_count_for_the_length_of_a_token() =>
        Assert.Equal("a;b=" + new string('x', 128), Parse("a;b=\"" + Repeat("\\x", 128) + "\""));

    [Fact]
    public void Ten_thousand_separators_are_skipped() => Assert.Equal("a", Parse(new string(',', 10_000) + "a" + new string(',', 10_000)));

    [Fact]
    public void Twenty_thousand_backslashes_without_end_are_refused() => AssertMalformed("a;b=\"" + new string('\\', 20_000));

    [Fact]
    public void Eight_KiB_of_blanks_are_skipped_around_any_part()
    {
        var blanks = new string(' ', 8192);
        Assert.Equal("a;b=1|c", Parse($"{blanks}a{blanks};{blanks}b{blanks}={blanks}1{blanks},{blanks}c{blanks}"));
    }

    [Fact]
    public void Ten_thousand_offers_are_refused() => AssertMalformed(Repeat("permessage-deflate;a=1,", 10_000));

    [Fact]
    public void An_absent_or_empty_header_allocates_nothing()
    {
        StringValues separators = new string(',', 10_000);
        var accepted = ExtensionHeader.TryParse(separators, out _) && ExtensionHeader.TryParse(StringValues.Empty, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        accepted = accepted && ExtensionHeader.TryParse(separators, out _) && ExtensionHeader.TryParse(StringValues.Empty, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(accepted);
    }

    [Fact]
    public void Arbitrary_text_never_throws_and_gives_only_tokens_within_the_limits() => HeaderText.Lines.Sample(lines =>
    {
        var accepted = ExtensionHeader.TryParse(lines, out var offers);
        return (accepted || offers.Count == 0)
            && offers.Count <= ExtensionHeader.MaxOffers
            && offers.All(offer => IsToken(offer.Name)
                && offer.Parameters.Count <= ExtensionHeader.MaxParameters
                && offer.Parameters.All(parameter => IsToken(parameter.Name) && (parameter.Value is null || IsToken(parameter.Value))));
    });

    [Fact]
    public void Offers_written_in_any_allowed_way_are_read_back()
    {
        var token = HeaderText.Of("abz019-_!", 1, 5);
        var blanks = HeaderText.Of(" \t", 0, 3);
        var value = Gen.Select(token, Gen.Bool, Gen.Bool.Array[5]).Select(WriteValue);
        var parameter = Gen.Select(blanks, token, blanks, Gen.Frequency((1, Gen.Const((Text: "", Value: ""))), (3, value)))
            .Select((before, name, after, written) => (Text: $";{before}{name}{after}{written.Text}", Value: $";{name}{written.Value}"));
        var offer = Gen.Select(token, parameter.Array[0, 4], Gen.OneOf(",", ", ,\t", " ,"))
            .Select((name, parameters, separator) => (
                Text: name + string.Concat(parameters.Select(each => each.Text)) + separator,
                Value: name + string.Concat(parameters.Select(each => each.Value))));

        offer.Array[0, 5].Sample(offers => Parse(string.Concat(offers.Select(each => each.Text)))
            == string.Join('|', offers.Select(each => each.Value)));

        static (string Text, string Value) WriteValue(string plain, bool quoted, bool[] escaped)
        {
            var inside = string.Concat(plain.Select((character, index) => escaped[index] ? $"\\{character}" : $"{character}"));
            return (quoted ? $"= \"{inside}\"\t" : $"=\t{plain} ", $"={plain}");
        }
    }

    private static bool IsToken(string text) => HttpToken.IsToken(text) && text.Length <= ExtensionHeader.MaxTokenLength;

    private static string Parse(StringValues lines)
    {
        Assert.True(ExtensionHeader.TryParse(lines, out var offers));
        return string.Join('|', offers.Select(offer => offer.Name + string.Concat(offer.Parameters.Select(Format))));
    }

    private static string Format(ExtensionParameter parameter) =>
        parameter.Value is null ? $";{parameter.Name}" : $";{parameter.Name}={parameter.Value}";

    private static void AssertMalformed(StringValues lines)
    {
        Assert.False(ExtensionHeader.TryParse(lines, out var offers));
        Assert.Empty(offers);
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
