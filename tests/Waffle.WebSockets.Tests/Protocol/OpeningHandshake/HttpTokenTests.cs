using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

public class HttpTokenTests
{
    // RFC 9110 5.6.2: visible ASCII without the delimiters.
    [Fact]
    public void Token_characters_are_all_visible_ASCII_except_the_delimiters()
    {
        for (var code = 0; code <= 0x1FF; code++)
        {
            var character = (char)code;
            var expected = character is > ' ' and < '\x7F' && !"\"(),/:;<=>?@[\\]{}".Contains(character);
            Assert.Equal(expected, HttpToken.IsTokenCharacter(character));
            Assert.Equal(expected, HttpToken.IsToken(character.ToString()));
        }
    }

    [Theory]
    [InlineData("json", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("constructor", true)]
    public void A_token_is_one_or_more_token_characters(string text, bool expected) => Assert.Equal(expected, HttpToken.IsToken(text));
}
