using CsCheck;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Tests.Protocol.OpeningHandshake;

public class AcceptKeyTests
{
    [Fact]
    public void The_sample_of_RFC_6455_gives_the_sample_answer() =>
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", AcceptKey.Compute("dGhlIHNhbXBsZSBub25jZQ=="));

    [Fact]
    public void The_base64_of_any_16_bytes_is_a_key() =>
        Gen.Byte.Array[16].Sample(bytes => AcceptKey.TryReadRequestKey(Convert.ToBase64String(bytes), out _));

    [Fact]
    public void The_base64_of_any_other_number_of_bytes_is_no_key() =>
        Gen.Byte.Array[0, 40].Where(bytes => bytes.Length != 16)
            .Sample(bytes => !AcceptKey.TryReadRequestKey(Convert.ToBase64String(bytes), out _));

    [Fact]
    public void Blanks_around_the_key_do_not_count()
    {
        Assert.True(AcceptKey.TryReadRequestKey("\t dGhlIHNhbXBsZSBub25jZQ== ", out var key));
        Assert.Equal("dGhlIHNhbXBsZSBub25jZQ==", key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ= =")]
    [InlineData("dGhlIHNhbXBs SBub25jZQ==")]
    [InlineData("dGhlIHNhbXBsZSBub25jZR==")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQQ=")]
    [InlineData("dGhlIHNhbXBsZSBub25jZ===")]
    [InlineData("dGhlIHNhbXBs-_Bub25jZQ==")]
    [InlineData("dGhlIHNhbXBs\u00E9SBub25jZQ==")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==,dGhlIHNhbXBsZSBub25jZQ==")]
    public void Anything_but_canonical_base64_of_16_bytes_is_no_key(string key) => Assert.False(AcceptKey.TryReadRequestKey(key, out _));

    [Fact]
    public void Two_lines_are_no_key()
    {
        var lines = new StringValues(["dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="]);
        Assert.False(AcceptKey.TryReadRequestKey(lines, out _));
    }

    [Fact]
    public void A_key_of_another_length_is_an_argument_error() => Assert.Throws<ArgumentException>(() => AcceptKey.Compute("short"));
}
