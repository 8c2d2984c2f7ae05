using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

public class MessageAssemblerTests
{
    private const int OneGiB = 1 << 30;

    [Fact]
    public void A_message_over_the_limit_is_refused_at_its_header()
    {
        var assembler = Create(maxSize: 1000);
        Assert.Same(ProtocolViolations.MessageTooBig, assembler.Begin(Header(Opcode.Binary, 1001)));
        Assert.Equal(1001, assembler.LengthRefused);
        Assert.Empty(BufferOf(assembler));
    }

    [Fact]
    public void A_message_of_exactly_the_limit_is_accepted()
    {
        var assembler = Create(maxSize: 1000);
        Assert.Null(assembler.Begin(Header(Opcode.Binary, 400, isFinal: false)));
        Append(assembler, new byte[400]);
        Assert.Null(assembler.Begin(Header(Opcode.Continuation, 600)));
        Assert.Equal(1000, assembler.LengthAfterFrame);
        Append(assembler, new byte[600]);
        Assert.True(assembler.IsComplete);
        TakeAndReturn(assembler, 1000);
    }

    [Theory]
    [InlineData(601, 1001)]
    [InlineData(int.MaxValue, 400L + int.MaxValue)]
    [InlineData(uint.MaxValue, 400L + uint.MaxValue)]
    [InlineData(uint.MaxValue + 1L, 400L + uint.MaxValue + 1L)]
    [InlineData(long.MaxValue - 400, long.MaxValue)]
    [InlineData(long.MaxValue - 399, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void A_fragment_that_leads_over_the_limit_is_refused_at_its_header_whatever_it_adds_up_to(long length, long refused)
    {
        var assembler = Create(maxSize: 1000);
        Assert.Null(assembler.Begin(Header(Opcode.Binary, 400, isFinal: false)));
        Append(assembler, new byte[400]);
        var buffer = BufferOf(assembler);

        Assert.Same(ProtocolViolations.MessageTooBig, assembler.Begin(Header(Opcode.Continuation, length)));

        Assert.Equal(refused, assembler.LengthRefused);
        Assert.Same(buffer, BufferOf(assembler));
        assembler.Discard();
    }

    [Fact]
    public void The_limit_is_the_one_of_the_moment()
    {
        var assembler = Create(maxSize: 10);
        Assert.Null(assembler.Begin(Header(Opcode.Binary, 10, isFinal: false)));
        Append(assembler, new byte[10]);
        assembler.MaxSize = 20;
        Assert.Null(assembler.Begin(Header(Opcode.Continuation, 10, isFinal: false)));
        Append(assembler, new byte[10]);
        assembler.MaxSize = 15;
        Assert.Same(ProtocolViolations.MessageTooBig, assembler.Begin(Header(Opcode.Continuation, 0)));
        Assert.Equal(20, assembler.LengthRefused);
        assembler.Discard();
    }

    [Fact]
    public void Fragments_are_counted_with_the_empty_ones_and_anew_for_each_message()
    {
        var assembler = Create(maxSize: 10, maxFragments: 3);
        for (var message = 0; message < 5; message++)
        {
            Assert.Null(assembler.Begin(Header(Opcode.Text, 0, isFinal: false)));
            Assert.Null(assembler.Begin(Header(Opcode.Continuation, 0, isFinal: false)));
            Assert.Null(assembler.Begin(Header(Opcode.Continuation, 0)));
            TakeAndReturn(assembler, 0);
        }

        Assert.Null(assembler.Begin(Header(Opcode.Text, 0, isFinal: false)));
        Assert.Null(assembler.Begin(Header(Opcode.Continuation, 0, isFinal: false)));
        Assert.Null(assembler.Begin(Header(Opcode.Continuation, 0, isFinal: false)));
        Assert.Same(ProtocolViolations.TooManyFragments, assembler.Begin(Header(Opcode.Continuation, 0)));
    }

    [Fact]
    public void A_stray_continuation_and_an_interruption_are_refused()
    {
        var assembler = Create();
        Assert.Same(ProtocolViolations.UnexpectedContinuation, assembler.Begin(Header(Opcode.Continuation, 0)));
        Assert.Null(assembler.Begin(Header(Opcode.Text, 0, isFinal: false)));
        Assert.Same(ProtocolViolations.MessageInterrupted, assembler.Begin(Header(Opcode.Text, 0)));
        Assert.Same(ProtocolViolations.MessageInterrupted, assembler.Begin(Header(Opcode.Binary, 0, isFinal: false)));
        Assert.Null(assembler.Begin(Header(Opcode.Continuation, 0)));
        Assert.True(assembler.IsComplete);
        TakeAndReturn(assembler, 0);
        Assert.Same(ProtocolViolations.UnexpectedContinuation, assembler.Begin(Header(Opcode.Continuation, 0)));
    }

    [Fact]
    public void Text_that_ends_inside_a_character_fails_with_its_last_byte_or_its_empty_last_fragment()
    {
        var assembler = Create();
        Assert.Null(assembler.Begin(Header(Opcode.Text, 2, isFinal: false)));
        Append(assembler, [0xE2, 0x82]);
        Assert.Same(ProtocolViolations.InvalidUtf8InText, assembler.Begin(Header(Opcode.Continuation, 0)));
        assembler.Discard();

        Assert.Null(assembler.Begin(Header(Opcode.Text, 2)));
        Append(assembler, [0xE2]);
        var last = new ReadOnlySequence<byte>([0x82]);
        Assert.Same(ProtocolViolations.InvalidUtf8InText, assembler.Append(ref last));
        assembler.Discard();

        // Nothing of a character that was cut is left for the next message.
        Assert.Null(assembler.Begin(Header(Opcode.Text, 1)));
        Append(assembler, "a"u8.ToArray());
        TakeAndReturn(assembler, 1);
    }

    [Fact]
    public void Appending_takes_no_more_than_the_frame_needs()
    {
        var assembler = Create();
        Assert.Null(assembler.Begin(Header(Opcode.Text, 5)));
        var input = Segments.Cut("Hello, world"u8.ToArray(), 3);

        Assert.Null(assembler.Append(ref input));
        Assert.Equal(", world"u8.ToArray(), input.ToArray());
        Assert.Equal(0, assembler.FrameRemaining);
        Assert.Null(assembler.Append(ref input));
        Assert.Equal(7, input.Length);

        var message = assembler.Take();
        Assert.Equal("Hello", Encoding.UTF8.GetString(message.Data.Span));
        message.Return();
    }

    [Fact]
    public void What_is_merely_announced_is_not_allocated()
    {
        var assembler = Create(maxSize: OneGiB);
        Assert.Equal(0, Allocation.Of(() =>
        {
            Assert.Null(assembler.Begin(Header(Opcode.Binary, OneGiB)));
            assembler.Discard();
        }));

        Assert.Null(assembler.Begin(Header(Opcode.Binary, OneGiB)));
        Append(assembler, [1]);
        Assert.InRange(BufferOf(assembler).Length, 1, 4096);

        for (var length = 1; length < 100_000; length += 1000)
        {
            Append(assembler, new byte[1000]);
            Assert.InRange(BufferOf(assembler).Length, 0, Math.Max(4096, 4 * length));
        }

        assembler.Discard();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_000)]
    public void The_buffer_is_no_larger_than_the_pool_s_size_for_the_message(int length)
    {
        var expected = ArrayPool<byte>.Shared.Rent(length);
        ArrayPool<byte>.Shared.Return(expected);

        var assembler = Create(maxSize: OneGiB);
        Assert.Null(assembler.Begin(Header(Opcode.Binary, length)));
        for (var i = 0; i < length; i++)
        {
            Append(assembler, [0]);
            Assert.InRange(BufferOf(assembler).Length, i + 1, expected.Length);
        }

        TakeAndReturn(assembler, length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(1 << 20)]
    public void A_buffer_s_length_is_known_before_it_is_rented(int length)
    {
        var assembler = Create(maxSize: Math.Max(1, length));
        Assert.Null(assembler.Begin(Header(Opcode.Binary, length)));
        var expected = assembler.BufferAfterFrame;
        for (var received = 0; received < length; received += 7)
        {
            Append(assembler, new byte[Math.Min(7, length - received)]);
        }

        Assert.Equal(expected, BufferOf(assembler).Length);
        Assert.Equal(length == 0 ? 16 : expected, assembler.LargestBuffer);
        assembler.Discard();
    }

    // A quarter more than these limits would be asked for as two GiB, which no array and no int holds.
    [Theory]
    [InlineData(OneGiB)]
    [InlineData(OneGiB - 1)]
    [InlineData((OneGiB / 5 * 4) + 1)]
    public void A_compressed_message_needs_no_longer_buffer_than_one_GiB_whatever_the_limit(int maxSize)
    {
        var assembler = Create(maxSize);
        Assert.Null(assembler.Begin(new FrameHeader(true, true, Opcode.Binary, OneGiB, null)));
        Assert.Equal(OneGiB, PooledBuffer.LengthFor((int)assembler.LengthAfterFrame));
        assembler.Discard();

        Assert.Same(ProtocolViolations.MessageTooBig, assembler.Begin(new FrameHeader(true, true, Opcode.Binary, OneGiB + 1, null)));
        Assert.Equal((OneGiB + 1, maxSize), (assembler.LengthRefused, assembler.LimitRefused));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(1, 5000)]
    [InlineData(1000, 1)]
    [InlineData(1000, 1000)]
    [InlineData(1_000_000, 1)]
    public void Bytes_copied_on_growth_are_fewer_than_twice_those_received(int frameLength, int pieceLength)
    {
        const int Total = 200_000;
        var assembler = Create(maxSize: OneGiB, maxFragments: int.MaxValue);
        var piece = new byte[pieceLength];
        long copied = 0;
        for (var received = 0; received < Total;)
        {
            if (assembler.FrameRemaining == 0)
            {
                Assert.Null(assembler.Begin(Header(received == 0 ? Opcode.Binary : Opcode.Continuation, frameLength, isFinal: false)));
            }

            var before = BufferOf(assembler);
            var length = (int)Math.Min(pieceLength, assembler.FrameRemaining);
            Append(assembler, piece[..length]);
            copied += ReferenceEquals(before, BufferOf(assembler)) ? 0 : received;
            received += length;
        }

        Assert.True(copied < 2 * Total, $"{copied} bytes copied for {Total} received");
        assembler.Discard();
    }

    [Fact]
    public void Buffers_that_were_outgrown_go_back_to_the_pool()
    {
        var assembler = Create(maxSize: OneGiB);
        var piece = new byte[1000];
        Assert.Equal(0, Allocation.Of(() =>
        {
            Assert.Null(assembler.Begin(Header(Opcode.Binary, 100_000)));
            while (assembler.FrameRemaining > 0)
            {
                var input = new ReadOnlySequence<byte>(piece);
                Assert.Null(assembler.Append(ref input));
            }

            assembler.Take().Return();
        }));
    }

    [Fact]
    public void No_buffer_is_held_between_messages_and_after_a_discard()
    {
        var assembler = Create();
        Assert.Empty(BufferOf(assembler));

        Assert.Null(assembler.Begin(Header(Opcode.Binary, 100)));
        Assert.Empty(BufferOf(assembler));
        Append(assembler, new byte[100]);
        Assert.NotEmpty(BufferOf(assembler));
        var message = assembler.Take();
        Assert.Empty(BufferOf(assembler));
        message.Return();

        Assert.Null(assembler.Begin(Header(Opcode.Binary, 100)));
        Append(assembler, new byte[50]);
        var buffer = BufferOf(assembler);
        assembler.Discard();
        Assert.Empty(BufferOf(assembler));
        Assert.False(assembler.IsUnderWay);
        Assert.Equal(0, assembler.FrameRemaining);

        // The pool hands out first what this thread has returned last.
        var next = ArrayPool<byte>.Shared.Rent(buffer.Length);
        Assert.Same(buffer, next);
        ArrayPool<byte>.Shared.Return(next);
    }

    [Fact]
    public void A_message_that_was_not_returned_keeps_its_buffer_to_itself()
    {
        var assembler = Create();
        var messages = new List<AssembledMessage>();
        for (byte pattern = 0; pattern < 50; pattern++)
        {
            var payload = Enumerable.Repeat(pattern, 100).ToArray();
            Assert.Null(assembler.Begin(Header(Opcode.Binary, payload.Length)));
            Append(assembler, payload);
            messages.Add(assembler.Take());
        }

        for (byte pattern = 0; pattern < 50; pattern++)
        {
            Assert.True(messages[pattern].Data.Span.IndexOfAnyExcept(pattern) < 0);
        }

        messages.ForEach(message => message.Return());
    }

    [Fact]
    public void Each_frame_of_a_message_may_have_its_own_masking_key()
    {
        var assembler = Create();
        byte[][] keys = [[1, 2, 3, 4], [0xFF, 0, 0xFF, 0], [9, 9, 9, 9]];
        var opcode = Opcode.Text;
        foreach (var bytes in keys)
        {
            var key = MaskingKey.Read(bytes);
            Assert.Null(assembler.Begin(new FrameHeader(bytes[0] == 9, false, opcode, 5, key)));
            var payload = new byte[5];
            key.Apply("Hello"u8, payload, 0);
            foreach (var value in payload)
            {
                Append(assembler, [value]);
            }

            opcode = Opcode.Continuation;
        }

        var message = assembler.Take();
        Assert.Equal("HelloHelloHello", Encoding.UTF8.GetString(message.Data.Span));
        Assert.True(message.IsText);
        message.Return();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_buffer")]
    private static extern ref byte[] BufferOf(MessageAssembler assembler);

    private static MessageAssembler Create(int maxSize = 32 * 1024, int maxFragments = 16_384) =>
        new(new MessageLimits(maxSize, maxFragments));

    private static FrameHeader Header(Opcode opcode, long length, bool isFinal = true) => new(isFinal, false, opcode, length, null);

    private static void Append(MessageAssembler assembler, byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Null(assembler.Append(ref input));
        Assert.Equal(0, input.Length);
    }

    private static void TakeAndReturn(MessageAssembler assembler, int length)
    {
        Assert.True(assembler.IsComplete);
        var message = assembler.Take();
        Assert.Equal(length, message.Length);
        Assert.Equal(length, message.Data.Length);
        message.Return();
        Assert.False(assembler.IsUnderWay);
    }
}
