using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Waffle.WebSockets.Backplane;

/// <summary>Writes the parts of an envelope: numbers with the lowest byte first, text in UTF-8 behind its length.</summary>
internal readonly struct EnvelopeWriter(IBufferWriter<byte> output)
{
    /// <summary>How many bytes <see cref="WriteText"/> writes.</summary>
    public static int GetLength(string text) => sizeof(int) + Encoding.UTF8.GetByteCount(text);

    public void WriteByte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(sizeof(ushort)), value);
        output.Advance(sizeof(ushort));
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    public void WriteGuid(Guid value)
    {
        value.TryWriteBytes(output.GetSpan(16));
        output.Advance(16);
    }

    public void WriteText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteInt32(length);
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(length)));
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
