using System.Buffers;
using System.Buffers.Binary;

namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>A message in blocks that hold its bytes as they are (RFC 1951 3.2.4, RFC 7692 7.2.3.3), for what does not compress.</summary>
internal static class StoredBlocks
{
    private const int HeaderLength = 5;
    private const int MaxBlockLength = ushort.MaxValue;

    /// <summary>How long the form of so many bytes is.</summary>
    public static long LengthOf(int length) => length + ((length + MaxBlockLength - 1L) / MaxBlockLength * HeaderLength) + 1;

    /// <summary>Writes the form of a message, without the tail that senders cut off.</summary>
    public static void Write(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        while (!message.IsEmpty)
        {
            var block = message[..Math.Min(message.Length, MaxBlockLength)];
            var header = output.GetSpan(HeaderLength);
            header[0] = 0;
            BinaryPrimitives.WriteUInt16LittleEndian(header[1..], (ushort)block.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(header[3..], (ushort)~block.Length);
            output.Advance(HeaderLength);
            output.Write(block);
            message = message[block.Length..];
        }

        // RFC 7692 7.2.3.6: the first byte of an empty block whose rest is cut off.
        output.GetSpan(1)[0] = 0;
        output.Advance(1);
    }
}
