using CsCheck;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

public class HeaderListTests
{
    [Fact]
    public void Elements_come_in_order_over_all_lines_without_blanks_and_empty_elements() =>
        Assert.Equal(["a", "b c", "d"], Elements(new StringValues([" ,a ,\t,", "", null, "b c", ",", "\td\t,"])));

    [Fact]
    public void An_absent_header_has_no_elements() => Assert.Empty(Elements(StringValues.Empty));

    [Fact]
    public void Any_lines_give_what_splitting_at_commas_gives() =>
        Gen.Char["a, \t"].Array[0, 12].Select(characters => new string(characters)).Array[0, 4].Sample(lines =>
            lines.SelectMany(line => line.Split(',')).Select(element => element.Trim(' ', '\t')).Where(element => element.Length > 0)
                .SequenceEqual(Elements(lines)));

    [Theory]
    [InlineData("Upgrade", true)]
    [InlineData("keep-alive, UPGRADE", true)]
    [InlineData("upgrades", false)]
    [InlineData("up grade", false)]
    [InlineData("\u00A0upgrade", false)]
    public void An_element_is_found_whatever_its_case_but_only_as_a_whole(string line, bool expected) =>
        Assert.Equal(expected, HeaderList.Contains(line, "upgrade"));

    private static List<string> Elements(StringValues lines)
    {
        var elements = new List<string>();
        foreach (var element in new HeaderList(lines))
        {
            elements.Add(element.ToString());
        }

        return elements;
    }
}
