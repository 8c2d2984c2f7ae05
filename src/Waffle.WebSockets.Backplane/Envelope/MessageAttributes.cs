namespace Waffle.WebSockets.Backplane;

/// <summary>What an envelope tells of a message beside its bytes, which are its rest.</summary>
internal readonly record struct MessageAttributes
{
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Binary = 1,
        Position = 2,
        Key = 4,
        WhenQueueFull = 8,
        Compress = 16,
        DoNotCompress = 32,
        Except = 64,
        SeveralRooms = 128,
    }

    public MessageKind Kind { get; init; }

    /// <summary>The message's place in the room's history, in a room that has one.</summary>
    public long? Position { get; init; }

    public string? Key { get; init; }

    public QueueFullPolicy? WhenQueueFull { get; init; }

    public bool? Compress { get; init; }

    /// <summary>The id of a connection that does not get it.</summary>
    public string? ExceptConnection { get; init; }

    public SeveralRooms? Rooms { get; init; }

    /// <summary>How many bytes it takes.</summary>
    public int Length =>
        1
        + (Position is null ? 0 : sizeof(long))
        + (Key is null ? 0 : EnvelopeWriter.GetLength(Key))
        + (WhenQueueFull is null ? 0 : 1)
        + (ExceptConnection is null ? 0 : EnvelopeWriter.GetLength(ExceptConnection))
        + (Rooms?.Length ?? 0);

    public void Write(EnvelopeWriter writer)
    {
        writer.WriteByte((byte)GetParts());
        if (Position is { } position)
        {
            writer.WriteInt64(position);
        }

        if (Key is not null)
        {
            writer.WriteText(Key);
        }

        if (WhenQueueFull is { } policy)
        {
            writer.WriteByte((byte)policy);
        }

        if (ExceptConnection is not null)
        {
            writer.WriteText(ExceptConnection);
        }

        Rooms?.Write(writer);
    }

    /// <summary><see langword="false"/> for what no server writes. What is left in the reader is the message.</summary>
    public static bool TryRead(ref EnvelopeReader reader, out MessageAttributes attributes)
    {
        var parts = (Parts)reader.ReadByte();
        attributes = new MessageAttributes
        {
            Kind = parts.HasFlag(Parts.Binary) ? MessageKind.Binary : MessageKind.Text,
            Position = parts.HasFlag(Parts.Position) ? reader.ReadInt64() : null,
            Key = parts.HasFlag(Parts.Key) ? reader.ReadText() : null,
            WhenQueueFull = parts.HasFlag(Parts.WhenQueueFull) ? (QueueFullPolicy)reader.ReadByte() : null,
            Compress = parts.HasFlag(Parts.Compress) ? true : parts.HasFlag(Parts.DoNotCompress) ? false : null,
            ExceptConnection = parts.HasFlag(Parts.Except) ? reader.ReadText() : null,
            Rooms = parts.HasFlag(Parts.SeveralRooms) ? SeveralRooms.Read(ref reader) : null,
        };
        return reader.IsGood
            && !parts.HasFlag(Parts.Compress | Parts.DoNotCompress)
            && attributes.WhenQueueFull is null or (>= QueueFullPolicy.Disconnect and <= QueueFullPolicy.Wait)
            && attributes.Rooms is null or { Number: > 0, IsInOrder: true };
    }

    private Parts GetParts() =>
        (Kind == MessageKind.Binary ? Parts.Binary : Parts.None)
        | (Position is null ? Parts.None : Parts.Position)
        | (Key is null ? Parts.None : Parts.Key)
        | (WhenQueueFull is null ? Parts.None : Parts.WhenQueueFull)
        | (Compress switch { true => Parts.Compress, false => Parts.DoNotCompress, null => Parts.None })
        | (ExceptConnection is null ? Parts.None : Parts.Except)
        | (Rooms is null ? Parts.None : Parts.SeveralRooms);
}
