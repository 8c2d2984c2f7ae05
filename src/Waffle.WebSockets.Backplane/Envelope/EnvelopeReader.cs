using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Waffle.WebSockets.Backplane;

/// <summary>Reads the parts of an envelope that anybody may have sent: what is not there reads as nothing, and <see cref="IsGood"/> is over.</summary>
internal ref struct EnvelopeReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private bool _isBad;

    /// <summary>Whether everything that was asked for was there.</summary>
    public readonly bool IsGood => !_isBad;

    /// <summary>Whether nothing is left, and everything before was good.</summary>
    public readonly bool IsAtEnd => IsGood && _rest.IsEmpty;

    public byte ReadByte() => Take(1) is [var value] ? value : default;

    /// <summary>A byte that is 0 or 1.</summary>
    public bool ReadBoolean()
    {
        var value = ReadByte();
        _isBad |= value > 1;
        return value == 1;
    }

    public ushort ReadUInt16() => Take(sizeof(ushort)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : default;

    public int ReadInt32() => Take(sizeof(int)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : default;

    public long ReadInt64() => Take(sizeof(long)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : default;

    public Guid ReadGuid() => Take(16) is { IsEmpty: false } bytes ? new Guid(bytes) : default;

    public string ReadText()
    {
        var bytes = Take(ReadInt32());
        if (!Utf8.IsValid(bytes))
        {
            _isBad = true;
            return string.Empty;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A number of things that follow, of which each takes at least so many bytes: no array is made for more than can be there.</summary>
    public int ReadCount(int leastLengthOfEach)
    {
        var count = ReadInt32();
        if (count < 0 || count > _rest.Length / leastLengthOfEach)
        {
            _isBad = true;
            return 0;
        }

        return count;
    }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> ReadRest()
    {
        var rest = _rest;
        _rest = default;
        return rest;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_isBad || (uint)length > (uint)_rest.Length)
        {
            _isBad = true;
            return default;
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
