using System.Text.Json;

namespace Waffle.WebSockets.Tests.Messages;

public sealed class RawJsonValues
{
    [Fact]
    public void The_default_is_absent_and_not_null()
    {
        RawJson absent = default;

        Assert.True(absent.IsAbsent);
        Assert.False(absent.IsNull);
        Assert.Equal("", absent.ToString());
        Assert.Equal(JsonValueKind.Undefined, absent.AsElement().ValueKind);
        Assert.NotEqual(RawJson.Parse("null"), absent);
    }

    [Fact]
    public void Null_is_a_value()
    {
        var value = RawJson.Parse(" null ");

        Assert.True(value.IsNull);
        Assert.False(value.IsAbsent);
        Assert.Equal(JsonValueKind.Null, value.AsElement().ValueKind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{} {}")]
    [InlineData("1,2")]
    [InlineData("{}x")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("// no\n1")]
    [InlineData("\uFEFF1")]
    public void Text_that_is_not_one_JSON_value_is_an_argument_error(string text)
    {
        Assert.Throws<ArgumentException>(() => RawJson.Parse(text));
    }

    [Fact]
    public void Text_that_cannot_be_UTF8_is_an_argument_error()
    {
        byte[] bytes = [(byte)'"', 0xFF, (byte)'"'];

        Assert.Throws<ArgumentException>(() => RawJson.Parse(bytes));
        Assert.Throws<ArgumentException>(() => RawJson.Parse("\"\ud800\""));
        Assert.Throws<ArgumentException>(() => RawJson.Parse("\uFEFF1"u8.ToArray()));
    }

    [Fact]
    public void A_value_may_nest_31_levels_so_that_a_message_can_carry_it()
    {
        var deepest = RawJson.Parse(Nested(31));

        Assert.Equal(deepest, TypedMessage.Parse(new TypedMessage("a", deepest).ToUtf8Json()).Payload);
        Assert.Throws<ArgumentException>(() => RawJson.Parse(Nested(32)));
        Assert.Equal(deepest, RawJson.From(deepest.AsElement()));
        Assert.ThrowsAny<Exception>(() => RawJson.From(JsonElement.Parse(Nested(32))));

        static string Nested(int levels) => new string('[', levels) + new string(']', levels);
    }

    [Fact]
    public void The_bytes_are_copied()
    {
        var bytes = "[1]"u8.ToArray();
        var value = RawJson.Parse(bytes);
        var message = TypedMessage.Parse("""{"type":"a","payload":[1]}"""u8.ToArray());
        bytes[1] = (byte)'2';

        Assert.Equal("[1]", value.ToString());
        Assert.Equal(value, message.Payload);
    }

    [Fact]
    public void Values_with_the_same_bytes_are_equal()
    {
        Assert.True(RawJson.Parse("[1]") == RawJson.Parse(" [1] "));
        Assert.True(RawJson.Parse("[1]") != RawJson.Parse("[ 1]"));
        Assert.Equal(RawJson.Parse("[1]").GetHashCode(), RawJson.Parse("[1]").GetHashCode());
    }

    [Fact]
    public void A_value_is_read_as_a_type_with_the_web_defaults()
    {
        Assert.Equal(new Point(1, 2), RawJson.Parse("""{"X":1,"y":"2"}""").As<Point>());
        Assert.Equal("""{"x":1,"y":2}""", RawJson.From(new Point(1, 2)).ToString());
        Assert.Throws<JsonException>(() => RawJson.Parse("{}").As<int>());
        Assert.Null(default(RawJson).As<Point>());
    }

    [Fact]
    public void Options_of_the_caller_need_no_resolver()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper };

        Assert.Equal("""{"X":1,"Y":2}""", RawJson.From(new Point(1, 2), options).ToString());
        Assert.True(options.IsReadOnly);
    }

    [Fact]
    public void A_raw_value_inside_another_is_written_and_read_verbatim()
    {
        var raw = RawJson.Parse("{ \"a\" : 1.0 }");
        var outer = RawJson.From(new Outer(raw, default));

        Assert.Equal("""{"first":{ "a" : 1.0 },"second":null}""", outer.ToString());
        Assert.Equal(raw, outer.As<Outer>()!.First);
        Assert.True(outer.As<Outer>()!.Second.IsNull);
        Assert.True(RawJson.Parse("{}").As<Outer>()!.First.IsAbsent);
    }

    [Fact]
    public void A_raw_value_inside_another_that_is_not_UTF8_is_refused()
    {
        byte[] json = [.. "{\"first\":\""u8, 0xFF, .. "\"}"u8];

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Outer>(json, JsonSerializerOptions.Web));
    }

    [Fact]
    public void A_raw_value_as_a_payload_is_forwarded_as_it_is()
    {
        var raw = RawJson.Parse("[ 1 ]");

        Assert.Equal(raw, TypedMessage.Create("a", raw).Payload);
        Assert.Equal(raw, new TypedMessage("a", raw).GetPayload<RawJson>());
    }

    private sealed record Point(int X, int Y);

    private sealed record Outer(RawJson First, RawJson Second);
}
