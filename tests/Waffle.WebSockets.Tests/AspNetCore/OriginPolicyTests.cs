using CsCheck;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.AspNetCore;

public class OriginPolicyTests
{
    [Theory]
    [InlineData("https://example.com", "https", "example.com")]
    [InlineData("HTTPS://EXAMPLE.COM", "https", "example.com")]
    [InlineData("https://example.com", "https", "Example.Com:443")]
    [InlineData("https://example.com:443", "https", "example.com")]
    [InlineData("http://example.com", "http", "example.com:80")]
    [InlineData("http://example.com:80", "http", "example.com")]
    [InlineData("http://localhost:5000", "http", "localhost:5000")]
    [InlineData("http://127.0.0.1:5000", "http", "127.0.0.1:5000")]
    [InlineData("http://[::1]:5000", "http", "[::1]:5000")]
    [InlineData("https://[2001:DB8::1]", "https", "[2001:db8:0:0:0:0:0:1]:443")]
    [InlineData("https://my_host.example.com.", "https", "my_host.example.com.")]
    [InlineData("https://example.com", "http", "example.com")]
    [InlineData("https://xn--bcher-kva.example", "https", "xn--bcher-kva.example")]
    public void The_own_host_is_allowed(string origin, string scheme, string host) =>
        Assert.True(Policy().Evaluate(origin, scheme, host).IsAllowed);

    [Theory]
    [InlineData("https://example.com:8443", "https", "example.com")]
    [InlineData("https://example.com", "https", "example.com:8443")]
    [InlineData("https://example.com:80", "https", "example.com")]
    [InlineData("https://example.com", "http", "example.com:80")]
    [InlineData("http://example.com", "https", "example.com")]
    [InlineData("http://example.com:443", "https", "example.com:443")]
    [InlineData("http://example.com", "https", "example.com:80")]
    [InlineData("capacitor://example.com", "https", "example.com")]
    [InlineData("capacitor://example.com", "http", "example.com")]
    [InlineData("https://evilexample.com", "https", "example.com")]
    [InlineData("https://example.com.evil", "https", "example.com")]
    [InlineData("https://a.example.com", "https", "example.com")]
    [InlineData("https://example.com.", "https", "example.com")]
    [InlineData("https://example.com", "https", "example.com.")]
    [InlineData("https://[::1]", "https", "[::2]")]
    [InlineData("https://localhost", "https", "[::1]")]
    [InlineData("https://example.com", "https", "")]
    [InlineData("https://example.com", "https", "example.com:x")]
    [InlineData("https://example.com", "https", "*.com")]
    public void Another_host_port_or_weaker_scheme_is_answered_403(string origin, string scheme, string host) =>
        Assert.Equal(403, Policy().Evaluate(origin, scheme, host).Refusal?.Status);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("example.com")]
    [InlineData("localhost:5000")]
    [InlineData("//example.com")]
    [InlineData("://example.com")]
    [InlineData("file://")]
    [InlineData("file:///C:/page.html")]
    [InlineData("https://")]
    [InlineData("https://:443")]
    [InlineData("https:example.com")]
    [InlineData("https:/example.com")]
    [InlineData("1https://example.com")]
    [InlineData("ht tps://example.com")]
    [InlineData("https://example.com/")]
    [InlineData("https://example.com/path")]
    [InlineData("https://example.com?query")]
    [InlineData("https://example.com#fragment")]
    [InlineData("https://example.com\\")]
    [InlineData("https://user@example.com")]
    [InlineData("https://example.com@evil.example")]
    [InlineData("https://user:secret@example.com")]
    [InlineData("https://evil.example, https://example.com")]
    [InlineData("https://example.com https://example.com")]
    [InlineData("https://https://example.com")]
    [InlineData(" https://example.com")]
    [InlineData("https://example.com ")]
    [InlineData("https://exam ple.com")]
    [InlineData("https://example.com\0")]
    [InlineData("https://example.com\t")]
    [InlineData("https://ex\u00E4mple.com")]
    [InlineData("https://e\u0445ample.com")]
    [InlineData("https://example\u3002com")]
    [InlineData("https://\u212Aexample.com")]
    [InlineData("https://example..com")]
    [InlineData("https://.example.com")]
    [InlineData("https://*.example.com")]
    [InlineData("https://%65xample.com")]
    [InlineData("https://example.com:")]
    [InlineData("https://example.com:0")]
    [InlineData("https://example.com:-1")]
    [InlineData("https://example.com:+443")]
    [InlineData("https://example.com:65536")]
    [InlineData("https://example.com:443\0")]
    [InlineData("https://example.com:000443")]
    [InlineData("https://example.com:443:443")]
    [InlineData("https://example.com:\u0664\u0664\u0663")]
    [InlineData("https://[::1")]
    [InlineData("https://::1")]
    [InlineData("https://[]")]
    [InlineData("https://[::1]x")]
    [InlineData("https://[::1%25eth0]")]
    [InlineData("https://[127.0.0.1]")]
    [InlineData("https://[::1]]")]
    public void Anything_else_is_answered_403_even_where_all_hosts_are_allowed(string origin)
    {
        Assert.Equal(403, Policy().Evaluate(origin, "https", "example.com").Refusal?.Status);
        Assert.Equal(403, Policy("*", "*.example.com", "https://example.com").Evaluate(origin, "https", "example.com").Refusal?.Status);
    }

    [Fact]
    public void Two_Origin_headers_are_answered_400()
    {
        var twice = new StringValues(["https://example.com", "https://example.com"]);
        Assert.Equal(400, Policy().Evaluate(twice, "https", "example.com").Refusal?.Status);
        var open = new OriginPolicy([], requireOrigin: false, allowAny: true);
        Assert.Equal(400, open.Evaluate(twice, "https", "example.com").Refusal?.Status);
    }

    [Fact]
    public void A_request_without_Origin_is_allowed_unless_an_origin_is_required()
    {
        Assert.True(Policy().Evaluate(StringValues.Empty, "https", "example.com").IsAllowed);
        Assert.Equal(403, Require(allowAny: false));
        Assert.Equal(403, Require(allowAny: true));

        static int? Require(bool allowAny) =>
            new OriginPolicy([], requireOrigin: true, allowAny).Evaluate(StringValues.Empty, "https", "example.com").Refusal?.Status;
    }

    [Theory]
    [InlineData("null")]
    [InlineData("file://")]
    [InlineData("https://evil.example")]
    [InlineData("rubbish")]
    public void Any_origin_is_allowed_where_the_check_is_off(string origin) =>
        Assert.True(new OriginPolicy([], requireOrigin: false, allowAny: true).Evaluate(origin, "https", "example.com").IsAllowed);

    [Fact]
    public void The_null_origin_is_allowed_only_if_listed()
    {
        Assert.True(Policy("null").Evaluate("null", "https", "example.com").IsAllowed);
        Assert.False(Policy("null").Evaluate("https://evil.example", "https", "example.com").IsAllowed);
        Assert.False(Policy("*").Evaluate("null", "https", "example.com").IsAllowed);
        Assert.False(Policy("null").Evaluate("NULL", "https", "example.com").IsAllowed);
    }

    [Fact]
    public void The_own_host_stays_allowed_beside_patterns() =>
        Assert.True(Policy("https://other.example").Evaluate("https://example.com", "https", "example.com").IsAllowed);

    [Fact]
    public void An_http_origin_that_is_listed_is_allowed_over_https() =>
        Assert.True(Policy("http://localhost:3000").Evaluate("http://localhost:3000", "https", "example.com").IsAllowed);

    [Fact]
    public void Any_of_several_patterns_may_match()
    {
        var policy = Policy("https://a.example", "b.example", "null");
        Assert.True(policy.Evaluate("https://a.example", "https", "example.com").IsAllowed);
        Assert.True(policy.Evaluate("http://b.example", "https", "example.com").IsAllowed);
        Assert.False(policy.Evaluate("http://a.example", "https", "example.com").IsAllowed);
    }

    [Fact]
    public void A_bad_pattern_fails_when_the_policy_is_made_and_is_named()
    {
        var exception = Assert.Throws<ArgumentException>(() => Policy("https://a.example", "https://b.example/path"));
        Assert.Contains("'https://b.example/path'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_are_one_line_of_ASCII_that_repeats_nothing_of_the_request()
    {
        var verdict = Policy().Evaluate("https://<script>\r\nevil", "https", "example.com");
        Assert.False(verdict.IsAllowed);
        Assert.All(verdict.Refusal.Reason, character => Assert.InRange(character, ' ', '~'));
        Assert.DoesNotContain("evil", verdict.Refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Arbitrary_text_never_throws()
    {
        var policy = Policy("*.example.com", "https://app-*.example.com:8443", "http://[::1]");
        Gen.Select(Text(), Text()).Sample((origin, host) =>
        {
            var status = policy.Evaluate(origin, "https", host).Refusal?.Status;
            return status is null or 403;
        });

        static Gen<string> Text() => Gen.Select(Gen.OneOf("", "https://", "http://", "https://["), HeaderText.Line, string.Concat);
    }

    [Fact]
    public void A_long_host_is_judged_in_one_pass()
    {
        var host = string.Concat(Enumerable.Repeat("a.", 10_000)) + "example.com";
        Assert.False(Policy("*.example.com", "a*.*.example.com").Evaluate("https://" + host, "https", "example.com").IsAllowed);
    }

    private static OriginPolicy Policy(params string[] allowedOrigins) => new(allowedOrigins, requireOrigin: false, allowAny: false);
}
