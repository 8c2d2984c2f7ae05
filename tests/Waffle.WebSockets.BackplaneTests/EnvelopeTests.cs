using System.Buffers;
using CsCheck;
using Waffle.WebSockets.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class EnvelopeTests
{
    private static readonly Gen<string> _text = Gen.String[Gen.Char.AlphaNumeric, 0, 40];
    private static readonly Gen<MessageAttributes> _attributes = Gen.Select(
        Gen.Bool,
        Gen.Long.Nullable(),
        Gen.OneOf(_text, Gen.Const((string)null!)),
        Gen.Int[0, 3].Nullable(),
        Gen.Bool.Nullable(),
        Gen.OneOf(_text, Gen.Const((string)null!)),
        _text.Array[0, 5],
        (isText, position, key, policy, compress, except, rooms) => new MessageAttributes
        {
            Kind = isText ? MessageKind.Text : MessageKind.Binary,
            Position = position,
            Key = key,
            WhenQueueFull = (QueueFullPolicy?)policy,
            Compress = compress,
            ExceptConnection = except,
            Rooms = rooms.Length == 0 ? null : new SeveralRooms(7, [.. rooms.Distinct().Order(StringComparer.Ordinal)]),
        });

    [Fact]
    public void A_message_is_read_as_it_was_written() => Gen.Select(_attributes, Gen.Byte.Array[0, 200], Gen.Long[1, long.MaxValue]).Sample((attributes, message, number) =>
    {
        var header = new EnvelopeHeader(EnvelopeKind.Message, Guid.NewGuid(), 3, number);
        var bytes = Write(new Outgoing("c", ChannelScope.Hub, header, attributes, new PublishedArray(message)));
        Assert.True(EnvelopeChecksum.TryStrip(bytes, out var envelope));
        var reader = new EnvelopeReader(envelope);
        Assert.True(EnvelopeHeader.TryRead(ref reader, out var readHeader));
        Assert.Equal(header, readHeader);
        Assert.True(MessageAttributes.TryRead(ref reader, out var read));
        Assert.Equal(attributes with { Rooms = null }, read with { Rooms = null });
        Assert.Equal(attributes.Rooms?.Number, read.Rooms?.Number);
        Assert.Equal(attributes.Rooms?.Names, read.Rooms?.Names);
        Assert.Equal(message, reader.ReadRest().ToArray());
    });

    [Fact]
    public void Whatever_is_cut_off_is_no_envelope()
    {
        foreach (var whole in Bodies().Select(static body => body.Bytes))
        {
            for (var length = 0; length < whole.Length; length++)
            {
                Assert.False(IsEnvelope(whole.AsSpan(0, length)), $"{length} of {whole.Length} bytes");
                Assert.Equal(length == whole.Length - 4, IsGood(whole.AsSpan(0, length)));
            }

            Assert.True(IsEnvelope(whole));
        }
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception() => Gen.Byte.Array[0, 300].Sample(static bytes =>
    {
        Assert.False(IsEnvelope(bytes));
        IsGood(bytes);
        IsGood([(byte)'W', 1, .. bytes]);
    });

    [Fact]
    public void A_changed_byte_is_seen_and_never_throws() => Gen.Select(Gen.Int[0, 4], Gen.Int[0, 500], Gen.Byte[1, 255]).Sample(static (which, index, change) =>
    {
        var bytes = Bodies().ElementAt(which).Bytes.ToArray();
        bytes[index % bytes.Length] ^= change;
        Assert.False(IsEnvelope(bytes));
        IsGood(bytes.AsSpan(0, bytes.Length - 4));
    });

    [Fact]
    public void Another_version_is_none()
    {
        var bytes = Bodies().First().Bytes.ToArray();
        bytes[1] = 2;
        Assert.False(IsEnvelope(bytes));
    }

    [Fact]
    public void A_count_that_cannot_be_makes_no_array()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new EnvelopeWriter(output);
        writer.WriteInt64(1);
        writer.WriteByte(0);
        writer.WriteInt32(int.MaxValue);
        var reader = new EnvelopeReader(output.WrittenSpan);
        Assert.False(ClusterQuestion.TryRead(ref reader, out var question));
        Assert.Empty(question.Scopes);
    }

    [Theory]
    [InlineData("tea", "p.r.dGVh")]
    [InlineData("", "p.r")]
    public void A_channel_is_made_of_letters_digits_and_dots(string name, string channel) =>
        Assert.Equal(channel, new ChannelScope(ScopeKind.Room, name).ToChannel("p"));

    [Fact]
    public void Names_that_differ_make_channels_that_differ_and_none_is_too_long() => Gen.Select(Gen.String[0, 400], Gen.String[0, 400]).Sample(static (one, other) =>
    {
        var channels = new[] { one, other }.Select(static name => new ChannelScope(ScopeKind.Room, name).ToChannel("p")).ToArray();
        Assert.All(channels, static channel => Assert.InRange(channel.Length, 3, 400));
        Assert.All(channels, static channel => Assert.All(channel, static c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')));
        Assert.Equal(Clean(one) == Clean(other), channels[0] == channels[1]);

        // Half a surrogate pair is in no name.
        static string Clean(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
    });

    private static IEnumerable<(EnvelopeKind Kind, byte[] Bytes)> Bodies()
    {
        yield return Body(EnvelopeKind.Disconnect, new DisconnectOrder(CloseCode.ServiceRestart, "Soon.").Write);
        yield return Body(EnvelopeKind.Heartbeat, new Heartbeat("server", false, 5, 6).Write);
        yield return Body(EnvelopeKind.Question, new ClusterQuestion(1, true, [ChannelScope.Hub, new ChannelScope(ScopeKind.Room, "tea")]).Write);
        yield return Body(EnvelopeKind.Answer, new ClusterAnswer(1, 0, true, 2, [new AnsweredMember("a", "b"), new AnsweredMember("c", "d")]).Write);
        yield return Body(EnvelopeKind.Farewell, static _ => { });
    }

    private static (EnvelopeKind Kind, byte[] Bytes) Body(EnvelopeKind kind, Action<EnvelopeWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        write(new EnvelopeWriter(body));
        return (kind, Write(new Outgoing("c", default, new EnvelopeHeader(kind, Guid.Empty), null, new PublishedArray(body.WrittenMemory))));
    }

    private static byte[] Write(in Outgoing outgoing)
    {
        var output = new ArrayBufferWriter<byte>();
        outgoing.Write(output);
        return output.WrittenSpan.ToArray();
    }

    private static bool IsEnvelope(ReadOnlySpan<byte> bytes) => EnvelopeChecksum.TryStrip(bytes, out var envelope) && IsGood(envelope);

    private static bool IsGood(ReadOnlySpan<byte> envelope)
    {
        var reader = new EnvelopeReader(envelope);
        if (!EnvelopeHeader.TryRead(ref reader, out var header))
        {
            return false;
        }

        return header.Kind switch
        {
            EnvelopeKind.Message => MessageAttributes.TryRead(ref reader, out _),
            EnvelopeKind.Disconnect => DisconnectOrder.TryRead(ref reader, out _),
            EnvelopeKind.Heartbeat => Heartbeat.TryRead(ref reader, out _),
            EnvelopeKind.Question => ClusterQuestion.TryRead(ref reader, out _),
            EnvelopeKind.Answer => ClusterAnswer.TryRead(ref reader, out _),
            _ => reader.IsAtEnd,
        };
    }
}
