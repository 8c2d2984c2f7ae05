using System.Buffers;

namespace Waffle.WebSockets.TestKit;

/// <summary>Input as a pipe delivers it: one sequence of several pieces of memory.</summary>
public static class Segments
{
    /// <summary>A sequence with one segment for each piece, empty ones too.</summary>
    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] pieces)
    {
        var first = new Segment(pieces[0], 0);
        var last = first;
        foreach (var piece in pieces.AsSpan(1))
        {
            last = last.Append(piece);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Two segments, cut at <paramref name="cut"/>.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, int cut) => Of(bytes.AsMemory(0, cut), bytes.AsMemory(cut));

    /// <summary>A segment for each byte.</summary>
    public static ReadOnlySequence<byte> OfSingleBytes(byte[] bytes) => bytes.Length == 0
        ? ReadOnlySequence<byte>.Empty
        : Of([.. Enumerable.Range(0, bytes.Length).Select(i => (ReadOnlyMemory<byte>)bytes.AsMemory(i, 1))]);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long position)
        {
            Memory = memory;
            RunningIndex = position;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
