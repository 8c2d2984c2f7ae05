namespace Waffle.WebSockets.Backplane;

/// <summary>What a message to several rooms carries in each of them, so that a server with members in more than one delivers it once.</summary>
/// <param name="Number">Counts such messages of one server.</param>
/// <param name="Names">The rooms, in ordinal order.</param>
internal sealed record SeveralRooms(long Number, IReadOnlyList<string> Names)
{
    /// <summary>How many bytes it takes.</summary>
    public int Length { get; } = sizeof(long) + sizeof(int) + Names.Sum(EnvelopeWriter.GetLength);

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
