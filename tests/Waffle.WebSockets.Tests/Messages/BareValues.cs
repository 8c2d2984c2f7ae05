using System.Buffers;
using System.Text;
using System.Text.Json;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Tests.Messages;

public sealed class BareValues
{
    [Fact]
    public void A_value_is_written_alone()
    {
        Assert.Equal("[1,2]", Write(new[] { 1, 2 }));
        Assert.Equal("\"é<\"", Write("é<"));
        Assert.Equal("null", Write<object?>(null));
        Assert.Equal("[ 1 ]", Write(RawJson.Parse("[ 1 ]")));
    }

    [Fact]
    public void An_absent_value_is_an_argument_error()
    {
        Assert.Throws<ArgumentException>(() => Write(default(RawJson)));
        Assert.Throws<ArgumentException>(() => Write(default(JsonElement)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1 2")]
    [InlineData("1,2")]
    [InlineData("\uFEFF1")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Text_that_is_not_one_value_of_the_type_is_a_typed_error(string text)
    {
        var exception = Assert.Throws<MessageFormatException>(() =>
            PayloadReader.ReadValue(Encoding.UTF8.GetBytes(text), MessageJsonDefaults.GetTypeInfo<int>(null)));

        Assert.Equal(MessageProblem.InvalidPayload, exception.Problem);
    }

    private static string Write<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageJson.WriteValue(output, value, MessageJsonDefaults.GetTypeInfo<T>(null));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
