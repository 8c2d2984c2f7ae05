using System.Text;
using CsCheck;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

public class ClosePayloadTests
{
    [Fact]
    public void Every_code_may_be_sent_and_received_or_neither()
    {
        for (var value = 0; value <= ushort.MaxValue; value++)
        {
            var isAllowed = value is 1000 or 1001 or 1002 or 1003 or 1007 or 1008 or 1009 or 1010 or 1011 or 1012 or 1013 or 1014
                || (value >= 3000 && value <= 4999);
            var code = (CloseCode)value;

            Assert.Equal(isAllowed, CloseRules.MayBeSent(code));
            var violation = ClosePayload.Read(RawFrame.ClosePayload(value, "why"), out var payload);
            Assert.Equal(isAllowed ? null : ProtocolViolations.CloseCodeNotAllowed, violation);
            Assert.Equal(isAllowed ? new ClosePayload(code, "why") : new ClosePayload(CloseCode.NoStatusReceived, ""), payload);
            if (isAllowed)
            {
                CloseRules.ThrowIfNotSendable(code, "why");
            }
            else
            {
                Assert.Equal("code", Assert.Throws<ArgumentOutOfRangeException>(() => CloseRules.ThrowIfNotSendable(code, "")).ParamName);
            }
        }
    }

    [Fact]
    public void Every_named_code_may_be_sent_except_those_that_only_describe_an_end()
    {
        CloseCode[] described = [CloseCode.NoStatusReceived, CloseCode.AbnormalClosure, CloseCode.TlsHandshake];
        Assert.All(Enum.GetValues<CloseCode>(), code => Assert.Equal(!described.Contains(code), CloseRules.MayBeSent(code)));
    }

    [Fact]
    public void An_empty_payload_means_that_no_status_was_received()
    {
        Assert.Null(ClosePayload.Read([], out var payload));
        Assert.Equal(new ClosePayload(CloseCode.NoStatusReceived, ""), payload);
        Assert.Equal(0, payload.Write([]));
    }

    [Fact]
    public void One_byte_holds_no_code()
    {
        for (var value = 0; value <= byte.MaxValue; value++)
        {
            Assert.Same(ProtocolViolations.CloseWithOneByte, ClosePayload.Read([(byte)value], out _));
        }
    }

    [Fact]
    public void Reasons_of_every_length_that_fits_are_read_back()
    {
        for (var length = 0; length <= CloseRules.MaxReasonLength; length++)
        {
            AssertReadBack(new string('a', length), length);
        }

        AssertReadBack(new string('\u20AC', 41), 123);
        AssertReadBack(new string('\u00E9', 61), 122);
        AssertReadBack(string.Concat(Enumerable.Repeat("\U0001F600", 30)), 120);
        AssertReadBack("\0\uFEFF\uFFFF", 7);
    }

    [Theory]
    [InlineData('a', 124)]
    [InlineData('\u00E9', 62)]
    [InlineData('\u20AC', 42)]
    [InlineData('a', 100_000)]
    public void A_reason_over_123_bytes_is_refused(char character, int count)
    {
        var reason = new string(character, count);
        var error = Assert.Throws<ArgumentException>(() => CloseRules.ThrowIfNotSendable(CloseCode.NormalClosure, reason));
        Assert.Equal("reason", error.ParamName);
        Assert.Contains("123", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_with_half_a_surrogate_pair_is_refused_and_not_repaired_in_silence()
    {
        // No InlineData: an attribute's strings are stored as UTF-8, which can't hold these.
        string[] reasons = ["\uD800", "a\uDC00b", "\uDC00\uD800"];
        Assert.All(reasons, reason =>
            Assert.ThrowsAny<ArgumentException>(() => CloseRules.ThrowIfNotSendable(CloseCode.NormalClosure, reason)));
    }

    [Fact]
    public void A_reason_must_not_be_null() =>
        Assert.Throws<ArgumentNullException>(() => CloseRules.ThrowIfNotSendable(CloseCode.NormalClosure, null!));

    [Theory]
    [InlineData("80")]
    [InlineData("C0AF")]
    [InlineData("E28241")]
    [InlineData("E282")]
    [InlineData("61E282")]
    [InlineData("EDA080")]
    [InlineData("F4908080")]
    [InlineData("F09F98")]
    [InlineData("FF")]
    public void A_reason_that_is_not_UTF_8_is_a_violation(string reason)
    {
        var violation = ClosePayload.Read([0x03, 0xE8, .. Convert.FromHexString(reason)], out var payload);
        Assert.Same(ProtocolViolations.InvalidUtf8InCloseReason, violation);
        Assert.Equal(CloseCode.NoStatusReceived, payload.Code);
    }

    [Fact]
    public void A_forbidden_code_comes_before_a_bad_reason() =>
        Assert.Same(ProtocolViolations.CloseCodeNotAllowed, ClosePayload.Read([0x03, 0xE7, 0xFF], out _));

    [Fact]
    public void Any_bytes_are_read_or_refused_as_the_decoder_says()
    {
        Gen.Byte.Array[0, 123].Sample(reason =>
        {
            var isValid = true;
            try
            {
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(reason);
            }
            catch (DecoderFallbackException)
            {
                isValid = false;
            }

            Assert.Equal(isValid, ClosePayload.Read([0x0F, 0xA0, .. reason], out var payload) is null);
            Assert.Equal(isValid ? Encoding.UTF8.GetString(reason) : "", payload.Reason);
        });
    }

    private static void AssertReadBack(string reason, int length)
    {
        CloseRules.ThrowIfNotSendable((CloseCode)4001, reason);
        var bytes = new byte[2 + length];
        Assert.Equal(bytes.Length, new ClosePayload((CloseCode)4001, reason).Write(bytes));
        Assert.Equal(RawFrame.ClosePayload(4001, reason), bytes);
        Assert.Null(ClosePayload.Read(bytes, out var payload));
        Assert.Equal(new ClosePayload((CloseCode)4001, reason), payload);
    }
}
