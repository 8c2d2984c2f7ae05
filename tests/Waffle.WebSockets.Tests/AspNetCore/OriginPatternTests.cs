using CsCheck;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.AspNetCore;

public class OriginPatternTests
{
    [Theory]
    [InlineData("https://app.example", "https://app.example")]
    [InlineData("HTTPS://App.Example", "https://aPP.example")]
    [InlineData("https://app.example", "https://app.example:443")]
    [InlineData("https://app.example:443", "https://app.example")]
    [InlineData("http://app.example:80", "http://app.example")]
    [InlineData("https://app.example:8443", "https://app.example:8443")]
    [InlineData(" \thttps://app.example/ ", "https://app.example")]
    [InlineData("app.example/", "https://app.example")]
    [InlineData("app.example", "http://app.example")]
    [InlineData("app.example", "https://app.example:443")]
    [InlineData("app.example:3000", "https://app.example:3000")]
    [InlineData("app.example:443", "https://app.example")]
    [InlineData("localhost:3000", "http://localhost:3000")]
    [InlineData("https://*.example.com", "https://a.example.com")]
    [InlineData("*.example.com", "http://a-b_c.example.com")]
    [InlineData("https://*.*.example.com", "https://a.b.example.com")]
    [InlineData("https://app-*.example.com", "https://app-42.example.com")]
    [InlineData("https://*-app.example.com", "https://my-app.example.com")]
    [InlineData("https://pr-*-web.example.com:8443", "https://PR-7-web.example.com:8443")]
    [InlineData("192.168.1.*", "http://192.168.1.20")]
    [InlineData("http://[::1]:3000", "http://[0:0:0:0:0:0:0:1]:3000")]
    [InlineData("[::1]", "https://[::1]")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop")]
    [InlineData("*", "https://anything.example:1234")]
    [InlineData(" * ", "capacitor://localhost")]
    public void A_pattern_matches(string pattern, string origin) => Assert.True(Matches(pattern, origin));

    [Theory]
    [InlineData("https://app.example", "http://app.example")]
    [InlineData("https://app.example", "https://app.example:8443")]
    [InlineData("https://app.example:80", "https://app.example")]
    [InlineData("http://app.example:443", "https://app.example")]
    [InlineData("https://app.example", "https://app.example.")]
    [InlineData("https://app.example", "https://evilapp.example")]
    [InlineData("https://app.example", "https://app.example.evil")]
    [InlineData("app.example", "https://app.example:80")]
    [InlineData("app.example", "https://app.example:3000")]
    [InlineData("app.example:3000", "https://app.example")]
    [InlineData("app.example:443", "http://app.example")]
    [InlineData("app.example", "capacitor://app.example")]
    [InlineData("https://*.example.com", "https://example.com")]
    [InlineData("https://*.example.com", "https://a.b.example.com")]
    [InlineData("https://*.example.com", "https://a.example.com.evil")]
    [InlineData("https://*.example.com", "https://a.evilexample.com")]
    [InlineData("https://app-*.example.com", "https://app-.example.com")]
    [InlineData("https://app-*.example.com", "https://app-1.x.example.com")]
    [InlineData("https://aba*aba.example.com", "https://ababa.example.com")]
    [InlineData("192.168.1.*", "http://192.168.1.2.3")]
    [InlineData("null", "https://null")]
    public void A_pattern_does_not_match(string pattern, string origin) => Assert.False(Matches(pattern, origin));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \t ", "is empty")]
    [InlineData("https://", "names no host")]
    [InlineData("file://", "names no host")]
    [InlineData("/", "names no host")]
    [InlineData("://app.example", "no valid scheme")]
    [InlineData("*://app.example", "no valid scheme")]
    [InlineData("wss://app.example", "scheme of the page")]
    [InlineData("WS://app.example", "scheme of the page")]
    [InlineData("https://http://app.example", "two schemes")]
    [InlineData("https://app.example/chat", "path")]
    [InlineData("https://app.example//", "path")]
    [InlineData("https://app.example/*", "path")]
    [InlineData("app.example?x=1", "path")]
    [InlineData("app.example#top", "path")]
    [InlineData("//app.example", "path")]
    [InlineData("https:\\\\app.example", "path")]
    [InlineData("https://user@app.example", "user name")]
    [InlineData("https://b\u00FCcher.example", "punycode")]
    [InlineData("app.example:", "port")]
    [InlineData("app.example:0", "port")]
    [InlineData("app.example:65536", "port")]
    [InlineData("app.example:80\0", "port")]
    [InlineData("app.example:http", "port")]
    [InlineData("localhost:*", "port")]
    [InlineData("https:app.example", "port")]
    [InlineData("app example", "host name")]
    [InlineData("a,b", "host name")]
    [InlineData("a..b", "host name")]
    [InlineData(".example.com", "host name")]
    [InlineData("[::1", "host name")]
    [InlineData("::1", "brackets")]
    [InlineData("[::*]", "host name")]
    [InlineData("https://*", "one DNS label only")]
    [InlineData("*:3000", "one DNS label only")]
    [InlineData("**.example.com", "two '*'")]
    [InlineData("https://a*b*.example.com", "two '*'")]
    public void A_bad_pattern_is_refused_with_a_sentence_that_names_it(string text, string reason)
    {
        Assert.False(OriginPattern.TryParse(text, out var pattern, out var error));
        Assert.Null(pattern);
        Assert.Contains($"'{text}'", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_pattern_is_refused() => Assert.False(OriginPattern.TryParse(null, out _, out _));

    [Fact]
    public void Arbitrary_text_never_throws() =>
        HeaderText.Line.Sample(text =>
            OriginPattern.TryParse(text, out var pattern, out var error) ? pattern is not null && error is null : error is not null);

    [Fact]
    public void A_star_matches_one_label_whatever_it_holds() =>
        HeaderText.Of("abz09-_", 1, 20).Sample(label => Matches("https://*.example.com", $"https://{label}.example.com")
            && !Matches("https://*.example.com", $"https://{label}.{label}.example.com"));

    private static bool Matches(string text, string origin)
    {
        Assert.True(OriginPattern.TryParse(text, out var pattern, out var error));
        Assert.Null(error);
        Assert.True(WebOrigin.TryParse(origin, out var parsed));
        return pattern.Matches(parsed);
    }
}
