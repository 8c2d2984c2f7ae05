using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Protocol;

/// <summary>The 32-bit masking key of a frame and the transformation that it stands for (RFC 6455 5.3).</summary>
/// <remarks>Masking and unmasking are the same: each byte is combined by XOR with the key's byte at its position modulo four.</remarks>
internal readonly struct MaskingKey : IEquatable<MaskingKey>
{
    public const int Length = 4;

    // The key's four bytes as they stand on the wire, in the machine's byte order.
    private readonly uint _bytes;

    private MaskingKey(uint bytes) => _bytes = bytes;

    public static MaskingKey Read(ReadOnlySpan<byte> source) => new(MemoryMarshal.Read<uint>(source));

    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, in _bytes);

    /// <summary>Copies <paramref name="source"/> to <paramref name="destination"/> through the mask; both may be the same memory.</summary>
    /// <param name="source">Payload bytes, a whole frame's or a part of it.</param>
    /// <param name="destination">At least as long.</param>
    /// <param name="position">How many bytes of the frame's payload came before <paramref name="source"/>.</param>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination, long position)
    {
        destination = destination[..source.Length];
        var key = Rotate((int)(position & 3));
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        nuint done = 0;
        var length = (nuint)source.Length;

        if (Vector.IsHardwareAccelerated && length >= (nuint)Vector<byte>.Count)
        {
            var mask = Vector.AsVectorByte(new Vector<uint>(key));
            var last = length - (nuint)Vector<byte>.Count;
            for (; done <= last; done += (nuint)Vector<byte>.Count)
            {
                (Vector.LoadUnsafe(ref from, done) ^ mask).StoreUnsafe(ref to, done);
            }
        }

        for (; done + sizeof(uint) <= length; done += sizeof(uint))
        {
            var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, done));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, done), word ^ key);
        }

        for (; done < length; done++)
        {
            Unsafe.Add(ref to, done) = (byte)(Unsafe.Add(ref from, done) ^ ByteOf(key, (int)(done & 3)));
        }
    }

    public bool Equals(MaskingKey other) => _bytes == other._bytes;

    public override bool Equals(object? obj) => obj is MaskingKey other && Equals(other);

    public override int GetHashCode() => (int)_bytes;

    // The key as it applies from a position that is no multiple of four.
    private uint Rotate(int bytes) => BitConverter.IsLittleEndian
        ? BitOperations.RotateRight(_bytes, bytes * 8)
        : BitOperations.RotateLeft(_bytes, bytes * 8);

    private static byte ByteOf(uint key, int index) => (byte)(key >> (8 * (BitConverter.IsLittleEndian ? index : 3 - index)));
}
