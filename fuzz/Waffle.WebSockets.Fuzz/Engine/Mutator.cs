using System.Buffers.Binary;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Makes an input out of others, by a few small changes.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> dictionary, int maxLength)
{
    private const int MaxChanges = 6;

    private static readonly byte[] _interestingBytes = [0, 1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 124, 125, 126, 127, 128, 129, 254, 255];

    private static readonly int[] _interestingNumbers =
        [0, 1, 125, 126, 127, 128, 255, 256, 1000, 1001, 1005, 4095, 4096, 32767, 32768, 65535];

    // Room for what is inserted before it is cut to the longest input.
    private readonly byte[] _bytes = new byte[2 * maxLength];
    private int _length;

    /// <summary>Changes <paramref name="input"/> a few times, with pieces of <paramref name="other"/> among what is put in.</summary>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        _length = Math.Min(input.Length, maxLength);
        input[.._length].CopyTo(_bytes);

        // Mostly one or two changes: what led here is worth keeping.
        for (var changes = 1 + Math.Min(random.Next(MaxChanges), random.Next(MaxChanges)); changes > 0; changes--)
        {
            Change(other);
            _length = Math.Min(_length, maxLength);
        }

        return _bytes.AsSpan(0, _length);
    }

    private void Change(ReadOnlySpan<byte> other)
    {
        switch (random.Next(12))
        {
            case 0 when _length > 0:
                _bytes[random.Next(_length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when _length > 0:
                _bytes[random.Next(_length)] = (byte)random.Next(256);
                break;
            case 2 when _length > 0:
                _bytes[random.Next(_length)] = Pick(_interestingBytes);
                break;
            case 3 when _length > 0:
                _bytes[random.Next(_length)] += (byte)(random.Next(2) == 0 ? 1 + random.Next(8) : -1 - random.Next(8));
                break;
            case 4 when _length > 1:
                OverwriteNumber();
                break;
            case 5 when _length > 0:
                var from = random.Next(_length);
                Remove(from, 1 + random.Next(Math.Min(_length - from, random.Next(2) == 0 ? 4 : 64)));
                break;
            case 6 when _length > 0:
                Insert(random.Next(_length + 1), [.. Piece(_bytes.AsSpan(0, _length), 64)]);
                break;
            case 7 when _length > 0:
                RepeatPiece();
                break;
            case 8 when dictionary.Count > 0:
                Insert(random.Next(_length + 1), dictionary[random.Next(dictionary.Count)]);
                break;
            case 9 when dictionary.Count > 0:
                Overwrite(dictionary[random.Next(dictionary.Count)]);
                break;
            case 10 when !other.IsEmpty:
                Splice(other);
                break;
            default:
                Insert(random.Next(_length + 1), [(byte)random.Next(256)]);
                break;
        }
    }

    private void OverwriteNumber()
    {
        var number = Pick(_interestingNumbers);
        Span<byte> bytes = stackalloc byte[2];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)number);
        }

        Overwrite(bytes);
    }

    // What grows by the square shows only in what is long and all alike.
    private void RepeatPiece()
    {
        byte[] piece = [.. Piece(_bytes.AsSpan(0, _length), 8)];
        var at = random.Next(_length + 1);
        var times = random.Next(random.Next(2) == 0 ? 8 : maxLength / piece.Length);
        for (; times > 0 && _length < maxLength; times--)
        {
            Insert(at, piece);
        }
    }

    private void Splice(ReadOnlySpan<byte> other)
    {
        if (random.Next(2) == 0)
        {
            Insert(random.Next(_length + 1), Piece(other, 128));
            return;
        }

        // The beginning of the one and the end of the other.
        _length = random.Next(_length + 1);
        Insert(_length, other[random.Next(other.Length)..]);
    }

    private void Overwrite(ReadOnlySpan<byte> piece)
    {
        var at = random.Next(_length + 1);
        piece = piece[..Math.Min(piece.Length, _bytes.Length - at)];
        piece.CopyTo(_bytes.AsSpan(at));
        _length = Math.Max(_length, at + piece.Length);
    }

    private void Insert(int at, ReadOnlySpan<byte> piece)
    {
        piece = piece[..Math.Min(piece.Length, _bytes.Length - _length)];
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + piece.Length));
        piece.CopyTo(_bytes.AsSpan(at));
        _length += piece.Length;
    }

    private void Remove(int at, int count)
    {
        _bytes.AsSpan((at + count).._length).CopyTo(_bytes.AsSpan(at));
        _length -= count;
    }

    private ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> bytes, int longest)
    {
        var start = random.Next(bytes.Length);
        return bytes.Slice(start, 1 + random.Next(Math.Min(longest, bytes.Length - start)));
    }

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];
}
