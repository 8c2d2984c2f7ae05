using System.Buffers.Binary;

namespace Waffle.WebSockets.TestKit;

/// <summary>A frame of HTTP/2 (RFC 9113 4.1).</summary>
public sealed record Http2Frame(byte Type, byte Flags, int StreamId, byte[] Payload)
{
    public const byte DataType = 0x0;
    public const byte HeadersType = 0x1;
    public const byte ResetType = 0x3;
    public const byte SettingsType = 0x4;
    public const byte PingType = 0x6;
    public const byte GoAwayType = 0x7;
    public const byte WindowUpdateType = 0x8;

    /// <summary>END_STREAM of DATA and HEADERS.</summary>
    public const byte EndStream = 0x1;

    /// <summary>ACK of SETTINGS and PING.</summary>
    public const byte Acknowledge = 0x1;

    public const byte EndHeaders = 0x4;

    public const int HeaderLength = 9;

    /// <summary>The payload's first 32 bits: a RST_STREAM's error code, a WINDOW_UPDATE's increment.</summary>
    public int Number => BinaryPrimitives.ReadInt32BigEndian(Payload);

    /// <summary>A payload of 32 bits.</summary>
    public static byte[] Encode(int number)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return payload;
    }

    /// <summary>The frame's bytes.</summary>
    public byte[] ToBytes() =>
    [
        (byte)(Payload.Length >> 16), (byte)(Payload.Length >> 8), (byte)Payload.Length, Type, Flags, .. Encode(StreamId), .. Payload,
    ];

    /// <summary>Reads one frame; <see langword="null"/> at the end of the stream.</summary>
    public static async Task<Http2Frame?> ReadAsync(Stream stream)
    {
        var header = new byte[HeaderLength];
        if (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
        {
            return null;
        }

        var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        await stream.ReadExactlyAsync(payload);
        return new Http2Frame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue, payload);
    }
}
