namespace Waffle.WebSockets.Backplane;

/// <summary>How every envelope begins: who has published it, and which of his publications in the channel it is.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Server">Its server, with a new id at each start.</param>
/// <param name="Epoch">Grows whenever a server begins to count anew in a channel.</param>
/// <param name="Sequence">1 for the first in an epoch; 0 for what is not counted.</param>
internal readonly record struct EnvelopeHeader(EnvelopeKind Kind, Guid Server, long Epoch = 0, long Sequence = 0)
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const byte Version = 1;

    private const byte Magic = (byte)'W';

    /// <summary>How many bytes a header has.</summary>
    public const int Length = 3 + 16 + (2 * sizeof(long));

    public void Write(EnvelopeWriter writer)
    {
        writer.WriteByte(Magic);
        writer.WriteByte(Version);
        writer.WriteByte((byte)Kind);
        writer.WriteGuid(Server);
        writer.WriteInt64(Epoch);
        writer.WriteInt64(Sequence);
    }

    /// <summary><see langword="false"/> for what is no envelope, or one of another version.</summary>
    public static bool TryRead(ref EnvelopeReader reader, out EnvelopeHeader header)
    {
        header = default;
        if (reader.ReadByte() != Magic || reader.ReadByte() != Version)
        {
            return false;
        }

        header = new EnvelopeHeader((EnvelopeKind)reader.ReadByte(), reader.ReadGuid(), reader.ReadInt64(), reader.ReadInt64());
        return reader.IsGood && header is { Kind: >= EnvelopeKind.Message and <= EnvelopeKind.Answer, Epoch: >= 0, Sequence: >= 0 };
    }
}
