namespace Waffle.WebSockets.Backplane;

/// <summary>What a message to several rooms carries in each of them, so that a server with members in more than one delivers it once.</summary>
/// <param name="Number">Counts such messages of one server.</param>
/// <param name="Names">The rooms, in ordinal order.</param>
internal sealed record SeveralRooms(long Number, IReadOnlyList<string> Names)
{
    /// <summary>How many bytes it takes.</summary>
    public int Length { get; } = sizeof(long) + sizeof(int) + Names.Sum(EnvelopeWriter.GetLength);

    /// <summary>Whether the names are in order, each once: the rooms are locked one after the other, by all in the same order.</summary>
    public bool IsInOrder
    {
        get
        {
            for (var i = 1; i < Names.Count; i++)
            {
                if (string.CompareOrdinal(Names[i - 1], Names[i]) >= 0)
                {
                    return false;
                }
            }

            return Names.Count > 0;
        }
    }

    public void Write(EnvelopeWriter writer)
    {
        writer.WriteInt64(Number);
        writer.WriteInt32(Names.Count);
        foreach (var name in Names)
        {
            writer.WriteText(name);
        }
    }

    public static SeveralRooms Read(ref EnvelopeReader reader)
    {
        var number = reader.ReadInt64();
        var names = new string[reader.ReadCount(sizeof(int))];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadText();
        }

        return new SeveralRooms(number, names);
    }
}
