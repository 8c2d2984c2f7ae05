using System.Buffers;
using System.Text;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

public class MessageReaderTests
{
    private static readonly byte[] _emptyContinuation = Wire.Continuation([], isFinal: false);

    [Fact]
    public void Messages_and_control_frames_come_in_their_order()
    {
        var bytes = Wire.Join(
            Wire.Text("Hello"), Wire.Ping([1, 2]), Wire.Binary([3, 4, 5]), Wire.Pong([]), Wire.Text(""), Wire.Binary([]),
            Wire.Close(1000, "bye"));
        Assert.Equal(
            ["text:Hello", "ping:0102", "binary:030405", "pong:", "text:", "binary:", "close:1000:bye"],
            ReaderRun.EventsOf(bytes));
    }

    [Fact]
    public void A_client_reads_unmasked_frames()
    {
        var bytes = Wire.Join(
            RawFrame.Encode(RawFrame.TextOpcode, "Hel"u8, isFinal: false),
            RawFrame.Encode(RawFrame.PingOpcode, "p"u8),
            RawFrame.Encode(RawFrame.Continuation, "lo"u8),
            RawFrame.Encode(RawFrame.CloseOpcode, []));
        Assert.Equal(["ping:70", "text:Hello", "close:1005:"], ReaderRun.EventsOf(bytes, EndpointRole.Client));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(1000)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Messages_of_each_length_form_are_read(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var events = ReaderRun.EventsOf(Wire.Join(Wire.Binary(payload), Wire.Ping([])), limits: new MessageLimits(65_536, 1));
        Assert.Equal([$"binary:{Convert.ToHexString(payload)}", "ping:"], events);
    }

    [Fact]
    public void Control_frames_between_fragments_leave_the_message_alone()
    {
        var longest = Enumerable.Range(0, 125).Select(i => (byte)i).ToArray();
        var bytes = Wire.Join(
            Wire.Text("a", isFinal: false), Wire.Ping(longest), Wire.Continuation([], isFinal: false), Wire.Pong([7]), Wire.Ping([]),
            Wire.Continuation("b"u8.ToArray()), Wire.Text("c"));
        Assert.Equal([$"ping:{Convert.ToHexString(longest)}", "pong:07", "ping:", "text:ab", "text:c"], ReaderRun.EventsOf(bytes));
    }

    [Fact]
    public void A_Close_between_fragments_ends_the_message_for_good()
    {
        var bytes = Wire.Join(Wire.Text("a", isFinal: false), Wire.Close(4001, "bye"), Wire.Continuation([]));
        Assert.Equal(["close:4001:bye"], ReaderRun.EventsOf(bytes));
    }

    [Theory]
    [InlineData("C3A9")]
    [InlineData("E282AC")]
    [InlineData("F09F9880")]
    [InlineData("61F48FBFBF62EE8080")]
    public void Characters_cut_by_fragments_with_a_ping_between_are_whole_again(string hex)
    {
        var payload = Convert.FromHexString(hex);
        var text = Encoding.UTF8.GetString(payload);
        for (var cut = 0; cut <= payload.Length; cut++)
        {
            var begin = Wire.Text(payload[..cut], isFinal: false);
            var bytes = Wire.Join(begin, Wire.Ping([9]), Wire.Continuation(payload[cut..]), Wire.Text("next"));
            Assert.Equal(["ping:09", $"text:{text}", "text:next"], ReaderRun.EventsOf(bytes));
        }
    }

    [Fact]
    public void A_character_that_the_next_fragment_breaks_fails_though_a_ping_came_between()
    {
        var bytes = Wire.Join(Wire.Text([0xE2, 0x82], isFinal: false), Wire.Ping([9]), Wire.Continuation([0x41], isFinal: false));
        Assert.Equal(["ping:09", "violation:InvalidUtf8InText"], ReaderRun.EventsOf(bytes));
    }

    [Theory]
    [InlineData("E282AC", "C0")]
    [InlineData("", "ED A0")]
    [InlineData("CEBAE1BDB9CF83CEBCCEB5", "F4 90")]
    [InlineData("61", "FF")]
    public void Text_fails_at_the_first_impossible_byte_before_the_frame_is_whole(string valid, string invalid)
    {
        var bad = Convert.FromHexString(invalid.Replace(" ", "", StringComparison.Ordinal));
        byte[] payload = [.. Convert.FromHexString(valid), .. bad, .. new byte[1000]];
        var frame = Wire.Text(payload);
        var position = frame.Length - 1000;

        Assert.Equal([], ReaderRun.EventsOf(frame[..(position - 1)]));
        Assert.Equal(["violation:InvalidUtf8InText"], ReaderRun.EventsOf(frame[..position]));
    }

    [Theory]
    [InlineData("\u00E9")]
    [InlineData("\u20AC")]
    [InlineData("\U0001F600")]
    [InlineData("a\u00E9\u20AC\U0001F600")]
    public void Long_text_in_pieces_of_seven_bytes_is_delivered_unchanged_and_a_bad_byte_after_a_cut_is_found(string characters)
    {
        const int Piece = 7;
        var text = string.Concat(Enumerable.Repeat(characters, 64 * 1024 / Encoding.UTF8.GetByteCount(characters)));
        var good = Wire.Text(text);
        Assert.Equal([$"text:{text}"], RunInPieces(good, Piece));

        // A continuation byte where a character begins, or a character's begin where it goes on, right after a cut of the input.
        for (var position = 6000 * Piece; position < 6010 * Piece; position += Piece)
        {
            var payload = Encoding.UTF8.GetBytes(text);
            var offset = position - (good.Length - payload.Length);
            payload[offset] = (byte)((payload[offset] & 0xC0) == 0x80 ? 0x41 : 0x80);
            Assert.Equal(["violation:InvalidUtf8InText"], RunInPieces(Wire.Text(payload)[..(position + 1)], Piece));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public void A_reserved_bit_on_any_frame_fails_and_no_part_of_its_message_is_delivered(int reservedBits)
    {
        var begin = Wire.Text("a", isFinal: false);
        foreach (var opcode in new byte[] { RawFrame.Continuation, RawFrame.PingOpcode, RawFrame.PongOpcode, RawFrame.CloseOpcode })
        {
            var bytes = Wire.Join(begin, Wire.Frame(opcode, [], reservedBits: reservedBits), Wire.Continuation([]));
            Assert.Equal(["violation:ReservedBitSet"], ReaderRun.EventsOf(bytes));
        }

        Assert.Equal(["violation:ReservedBitSet"], ReaderRun.EventsOf(Wire.Frame(RawFrame.TextOpcode, [1], reservedBits: reservedBits)));
    }

    [Theory]
    [InlineData(RawFrame.TextOpcode, 1001UL)]
    [InlineData(RawFrame.BinaryOpcode, 65_536UL)]
    [InlineData(RawFrame.BinaryOpcode, 1UL << 32)]
    [InlineData(RawFrame.BinaryOpcode, (ulong)long.MaxValue)]
    public void A_message_over_the_limit_fails_at_its_header(byte opcode, ulong length)
    {
        var limits = new MessageLimits(1000, 10);
        Assert.Equal(["violation:MessageTooBig"], ReaderRun.EventsOf(Wire.Header(opcode, length), limits: limits));

        var begin = Wire.Frame(opcode, new byte[400], isFinal: false);
        var events = ReaderRun.EventsOf(Wire.Join(begin, Wire.Ping([]), Wire.Header(RawFrame.Continuation, length - 400)), limits: limits);
        Assert.Equal(["ping:", "violation:MessageTooBig"], events);
    }

    [Fact]
    public void A_million_empty_fragments_end_at_the_limit_or_as_an_empty_message_with_flat_memory()
    {
        const int Count = 1_000_000;
        const int Limit = 16_384;
        const long Flat = 1024;

        // The table of rules is made at its first use, which must not count.
        Assert.NotNull(ProtocolViolations.TooManyFragments);
        var limited = Begin(Limit);
        var read = 0;
        Assert.InRange(CountAllocated(() =>
        {
            // One frame is the first of the message.
            for (read = 1; read <= Count && Feed(limited, _emptyContinuation) != ReadOutcome.Violation; read++)
            {
            }
        }), 0, Flat);
        Assert.Equal(Limit, read);
        Assert.Same(ProtocolViolations.TooManyFragments, limited.Violation);

        var unlimited = Begin(int.MaxValue);
        Assert.InRange(CountAllocated(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                Assert.True(Feed(unlimited, _emptyContinuation) == ReadOutcome.NeedMoreData);
            }
        }), 0, Flat);
        Assert.Equal(ReadOutcome.Message, Feed(unlimited, Wire.Continuation([])));
        Assert.Equal(0, unlimited.TakeMessage().Length);

        static MessageReader Begin(int maxFragments)
        {
            var reader = new MessageReader(EndpointRole.Server, new MessageLimits(32 * 1024, maxFragments));
            Assert.Equal(ReadOutcome.NeedMoreData, Feed(reader, Wire.Text("", isFinal: false)));
            Feed(reader, Wire.Ping([]));
            return reader;
        }

        static long CountAllocated(Action action)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_frame_without_payload_is_complete_with_its_header()
    {
        var reader = new MessageReader(EndpointRole.Server, ReaderRun.DefaultLimits);
        var input = new ReadOnlySequence<byte>(Wire.Text(""));
        var controlPayload = new byte[FrameHeader.MaxControlPayloadLength];

        Assert.Equal(ReadOutcome.FrameBegun, reader.Read(ref input, controlPayload));
        Assert.Equal(0, reader.Assembler.LengthAfterFrame);
        Assert.True(input.IsEmpty);
        Assert.Equal(ReadOutcome.Message, reader.Read(ref input, controlPayload));
        Assert.Equal(0, reader.TakeMessage().Length);
        Assert.Equal(ReadOutcome.NeedMoreData, reader.Read(ref input, controlPayload));
    }

    [Fact]
    public void A_payload_waits_until_it_is_asked_for()
    {
        var reader = new MessageReader(EndpointRole.Server, ReaderRun.DefaultLimits);
        var frame = Wire.Text("Hello");
        var input = new ReadOnlySequence<byte>(frame);

        Assert.Equal(ReadOutcome.FrameBegun, reader.Read(ref input, []));
        Assert.Equal(5, input.Length);
        Assert.Equal(5, reader.Assembler.LengthAfterFrame);
        Assert.Equal(5, reader.Assembler.FrameRemaining);
        Assert.Equal(ReadOutcome.Message, reader.Read(ref input, []));
        reader.TakeMessage().Return();
    }

    [Fact]
    public void Input_of_a_header_or_control_frame_that_is_not_whole_is_left_alone()
    {
        var reader = new MessageReader(EndpointRole.Server, ReaderRun.DefaultLimits);
        var frame = Wire.Ping(new byte[125]);
        for (var length = 0; length < frame.Length; length++)
        {
            var input = new ReadOnlySequence<byte>(frame, 0, length);
            Assert.Equal(ReadOutcome.NeedMoreData, reader.Read(ref input, new byte[125]));
            Assert.Equal(length, input.Length);
        }
    }

    [Fact]
    public void Steps_stay_in_proportion_to_the_bytes_received()
    {
        var run = new ReaderRun(EndpointRole.Server, ReaderRun.DefaultLimits);
        var frames = Wire.Join(Wire.Text("a", isFinal: false), Wire.Ping([1]), Wire.Continuation([]));
        var bytes = Wire.Join([.. Enumerable.Repeat(frames, 500)]);
        foreach (var value in bytes)
        {
            run.Feed(new ReadOnlySequence<byte>([value]));
        }

        Assert.Equal(1000, run.End().Length);
        Assert.True(run.Steps <= 2 * bytes.Length, $"{run.Steps} steps for {bytes.Length} bytes");
    }

    [Fact]
    public void Reading_messages_allocates_nothing()
    {
        var bytes = Wire.Join(
            Wire.Text(new string('\u20AC', 40)), Wire.Binary(new byte[5000]), Wire.Ping(new byte[125]), Wire.Text("a", isFinal: false),
            Wire.Pong([]), Wire.Continuation([], isFinal: false), Wire.Continuation("b"u8.ToArray()), Wire.Text(""));
        var whole = new ReadOnlySequence<byte>(bytes);
        var cut = Segments.Cut(bytes, 130);
        var reader = new MessageReader(EndpointRole.Server, ReaderRun.DefaultLimits);
        var controlPayload = new byte[FrameHeader.MaxControlPayloadLength];

        Assert.Equal(0, Allocation.Of(() => ReadAll(whole)));
        Assert.Equal(0, Allocation.Of(() => ReadAll(cut)));

        void ReadAll(ReadOnlySequence<byte> input)
        {
            while (reader.Read(ref input, controlPayload) is var outcome && outcome != ReadOutcome.NeedMoreData)
            {
                Assert.True(outcome != ReadOutcome.Violation);
                if (outcome == ReadOutcome.Message)
                {
                    reader.TakeMessage().Return();
                }
            }
        }
    }

    // Reads all that the input holds, and tells the last outcome.
    private static ReadOutcome Feed(MessageReader reader, byte[] bytes)
    {
        Span<byte> controlPayload = stackalloc byte[FrameHeader.MaxControlPayloadLength];
        var input = new ReadOnlySequence<byte>(bytes);
        while (true)
        {
            var outcome = reader.Read(ref input, controlPayload);
            if (outcome is not (ReadOutcome.FrameBegun or ReadOutcome.Control))
            {
                return outcome;
            }
        }
    }

    private static string[] RunInPieces(byte[] bytes, int length)
    {
        var run = new ReaderRun(EndpointRole.Server, new MessageLimits(128 * 1024, 1));
        foreach (var piece in bytes.Chunk(length))
        {
            run.Feed(new ReadOnlySequence<byte>(piece));
        }

        return run.End();
    }
}
