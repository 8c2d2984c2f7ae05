using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Tests.Messages;

public sealed partial class MessageWriting
{
    [Fact]
    public void A_payload_with_nothing_in_it_is_left_out()
    {
        Assert.Equal("""{"type":"chat"}""", Text(TypedMessage.Create("chat", default(RawJson))));
        Assert.Equal("""{"type":"chat"}""", Text(TypedMessage.Create("chat", default(JsonElement))));
        Assert.Equal("""{"type":"chat"}""", Write(output => MessageJson.WriteMessage(output, "chat", default(RawJson), null)));
        Assert.Equal("""{"type":"chat"}""", Write(output =>
            MessageJson.WriteMessage(output, "chat", default, null, MessageJsonDefaults.GetTypeInfo<JsonElement>(null))));
        Assert.Equal("""{"name":"tick"}""", Write(output => MessageJson.WriteEvent(output, "tick", default(RawJson))));
        Assert.Equal("""{"name":"tick"}""", Write(output =>
            MessageJson.WriteEvent(output, "tick", default, MessageJsonDefaults.GetTypeInfo<RawJson>(null))));
    }

    [Fact]
    public void A_payload_that_is_empty_is_still_JSON()
    {
        Assert.Equal("""{"type":"chat","payload":""}""", Text(TypedMessage.Create("chat", Array.Empty<byte>())));
        Assert.Equal("""{"type":"chat","payload":""}""", Text(TypedMessage.Create("chat", "")));
        Assert.Equal("""{"type":"chat","payload":null}""", Text(TypedMessage.Create<JsonDocument?>("chat", null)));
        Assert.ThrowsAny<ArgumentException>(() => RawJson.Parse(""));
        Assert.ThrowsAny<ArgumentException>(() => RawJson.Parse(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void A_type_that_no_receiver_would_accept_is_an_argument_error()
    {
        Assert.Throws<ArgumentNullException>(() => new TypedMessage(null!));
        Assert.Throws<ArgumentException>(() => new TypedMessage(""));
        Assert.Throws<ArgumentException>(() => new TypedMessage(new string('é', 65)));
        Assert.Throws<ArgumentException>(() => new TypedMessage("\ud800"));
        Assert.Throws<ArgumentException>(() => new TypedMessage("a", id: new string('i', 129)));
        Assert.Throws<ArgumentException>(() => new TypedMessage("a", id: "\udc00"));
        Assert.Throws<ArgumentException>(() => new NamedEvent(""));
        Assert.Throws<ArgumentException>(() => Write(output => MessageJson.WriteMessage(output, "", default(RawJson), null)));
        Assert.Throws<ArgumentException>(() => Write(output => MessageJson.WriteEvent(output, new string('n', 129), default(RawJson))));
    }

    [Fact]
    public void A_value_that_cannot_be_serialized_throws_at_the_call_and_the_next_message_is_whole()
    {
        var cycle = new Node();
        cycle.Next = cycle;

        Assert.Throws<JsonException>(() => Write(cycle));
        AssertNextMessageIsWhole();
        Assert.Throws<NotSupportedException>(() => Write(new IntPtr[1]));
        AssertNextMessageIsWhole();
        Assert.Throws<ArgumentException>(() => Write(double.NaN));
        AssertNextMessageIsWhole();
        Assert.Throws<InvalidTimeZoneException>(() => Write(new Getter(() => throw new InvalidTimeZoneException())));
        AssertNextMessageIsWhole();
        Assert.Throws<JsonException>(() => TypedMessage.Create("a", cycle));

        static string Write<T>(T payload) => MessageWriting.Write(output =>
            MessageJson.WriteMessage(output, "a", payload, "7", MessageJsonDefaults.GetTypeInfo<T>(null)));

        static void AssertNextMessageIsWhole() => Assert.Equal("""{"type":"a","payload":1,"id":"7"}""", Write(1));
    }

    [Fact]
    public void A_cycle_ends_also_with_options_that_allow_a_greater_depth()
    {
        var cycle = new Node();
        cycle.Next = cycle;

        Assert.Throws<JsonException>(() => RawJson.From(cycle, new JsonSerializerOptions { MaxDepth = 1_000 }));
    }

    [Fact]
    public void A_source_generated_context_is_enough_and_one_without_the_type_throws()
    {
        var message = TypedMessage.Create("a", new Known("é"), typeInfo: Context.Default.Known);

        Assert.Equal("""{"type":"a","payload":{"Text":"é"}}""", Text(message));
        Assert.Equal("""{"Text":"é"}""", RawJson.From(new Known("é"), Context.Default.Options).ToString());
        Assert.Equal(new Known("é"), RawJson.Parse("""{"Text":"é"}""").As(Context.Default.Known));
        Assert.Throws<NotSupportedException>(() => RawJson.From(new Node(), Context.Default.Options));
        Assert.Throws<NotSupportedException>(() => RawJson.Parse("{}").As<Node>(Context.Default.Options));
        Assert.Equal("[1]", RawJson.From(RawJson.Parse("[1]"), Context.Default.Options).ToString());
    }

    [Fact]
    public void A_getter_may_serialize_another_message()
    {
        var getter = new Getter(() => Text(TypedMessage.Create("inner", 1)));

        Assert.Equal(
            """{"type":"outer","payload":{"value":"{\"type\":\"inner\",\"payload\":1}"},"id":"7"}""",
            Text(TypedMessage.Create("outer", getter, "7")));
        Assert.Equal("""{"type":"outer","payload":{"value":"{\"type\":\"inner\",\"payload\":1}"}}""", Write(output =>
            MessageJson.WriteMessage(output, "outer", getter, null, MessageJsonDefaults.GetTypeInfo<Getter>(null))));
    }

    [Fact]
    public void A_message_is_written_without_allocating()
    {
        var output = new ArrayBufferWriter<byte>(4_096);
        var payload = RawJson.Parse("[1]");
        var info = MessageJsonDefaults.GetTypeInfo<int>(null);
        WriteMany();

        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteMany();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void WriteMany()
        {
            for (var i = 0; i < 1_000; i++)
            {
                output.ResetWrittenCount();
                MessageJson.WriteMessage(output, "chat", payload, "7");
                MessageJson.WriteEvent(output, "tick", i, info);
            }
        }
    }

    private static string Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Text(TypedMessage message) => Encoding.UTF8.GetString(message.ToUtf8Json());

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed class Getter(Func<string> get)
    {
        public string Value => get();
    }

    internal sealed record Known(string Text);

    [JsonSerializable(typeof(Known))]
    internal sealed partial class Context : JsonSerializerContext;
}
