using System.Buffers.Binary;

namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>Reads the bits of a compressed message, lowest first (RFC 1951 3.1.1), and behind it those of the tail that was cut off (RFC 7692 7.2.2).</summary>
internal ref struct BitReader(ReadOnlySpan<byte> data)
{
    // An empty stored block without its header's first bits: what a sync flush ends with.
    private const uint Tail = 0xFFFF0000;
    private const int TailLength = 4;

    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;
    private int _count;

    /// <summary>The next bits; at least 48 after <see cref="Fill"/>, zeros behind the end.</summary>
    public ulong Bits { get; private set; }

    /// <summary>Whether bits were taken that are not there.</summary>
    public readonly bool IsOverrun => _count < 0;

    /// <summary>Whether the message itself was taken, and nothing of the tail.</summary>
    public readonly bool IsAtTail => (8L * _position) - _count == 8L * _data.Length;

    /// <summary>Whether everything was taken, the tail included.</summary>
    public readonly bool IsAtEnd => _position == _data.Length + TailLength && _count == 0;

    public void Fill()
    {
        if (_count > 48)
        {
            return;
        }

        if (_data.Length - _position >= sizeof(ulong))
        {
            Bits |= BinaryPrimitives.ReadUInt64LittleEndian(_data[_position..]) << _count;
            var bytes = (63 - _count) >> 3;
            _position += bytes;
            _count += 8 * bytes;

            // The shift has put in a part of the next byte, too, which will be put in again.
            Bits &= ulong.MaxValue >> (64 - _count);
            return;
        }

        while (_count <= 56 && _position < _data.Length + TailLength)
        {
            var next = _position < _data.Length ? _data[_position] : (byte)(Tail >> (8 * (_position - _data.Length)));
            Bits |= (ulong)next << _count;
            _position++;
            _count += 8;
        }
    }

    /// <summary>Skips bits that were looked at in <see cref="Bits"/>.</summary>
    public void Skip(int count)
    {
        Bits >>= count;
        _count -= count;
    }

    /// <summary>Takes up to 32 bits. Only after <see cref="Fill"/>.</summary>
    public uint Take(int count)
    {
        var bits = (uint)(Bits & ((1UL << count) - 1));
        Skip(count);
        return bits;
    }

    /// <summary>Goes on to the next whole byte.</summary>
    public void Align() => Skip(_count & 7);

    /// <summary>Takes whole bytes out of the message, after <see cref="Align"/>; empty if there are not so many before the tail.</summary>
    public ReadOnlySpan<byte> TakeBytes(int length)
    {
        var start = _position - (_count >> 3);
        if (length > _data.Length - start)
        {
            return [];
        }

        _position = start + length;
        _count = 0;
        Bits = 0;
        return _data.Slice(start, length);
    }
}
