using System.Buffers;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Reads an input's first bytes as settings of the run; zeros behind its end.</summary>
internal ref struct FuzzInput(ReadOnlySpan<byte> bytes)
{
    /// <summary>What was not read yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public byte TakeByte()
    {
        if (Rest.IsEmpty)
        {
            return 0;
        }

        var value = Rest[0];
        Rest = Rest[1..];
        return value;
    }

    /// <summary>A piece that says itself how long it is, in two bytes; or what there is.</summary>
    public ReadOnlySpan<byte> TakePiece()
    {
        var length = Math.Min(TakeByte() | (TakeByte() << 8), Rest.Length);
        var piece = Rest[..length];
        Rest = Rest[length..];
        return piece;
    }

    /// <summary>Sizes to cut something into, again and again: up to seven, at least one of them not zero.</summary>
    public int[] TakeSizes()
    {
        var sizes = new int[TakeByte() & 7];
        foreach (ref var size in sizes.AsSpan())
        {
            size = TakeByte();
        }

        return Array.TrueForAll(sizes, size => size == 0) ? [1] : sizes;
    }
}

/// <summary>Cuts bytes into pieces.</summary>
internal static class Pieces
{
    public static List<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> bytes, int[] sizes)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], bytes.Length);
            pieces.Add(bytes[..size]);
            bytes = bytes[size..];
        }

        return pieces;
    }

    /// <summary>One sequence with a segment for each piece.</summary>
    public static ReadOnlySequence<byte> Join(List<ReadOnlyMemory<byte>> pieces) =>
        pieces.Count == 0 ? ReadOnlySequence<byte>.Empty : Segments.Of([.. pieces]);
}
