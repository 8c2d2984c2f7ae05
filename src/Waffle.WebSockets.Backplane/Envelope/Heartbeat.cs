namespace Waffle.WebSockets.Backplane;

/// <summary>That a server lives, and what can be known of it without asking.</summary>
/// <param name="Name">The server's name, for people.</param>
/// <param name="IsPublisherOnly">It has no hub: it answers no questions.</param>
/// <param name="Clients">How many clients its hub has.</param>
/// <param name="Number"><see cref="First"/> for the first, and grows by one with each.</param>
internal readonly record struct Heartbeat(string Name, bool IsPublisherOnly, int Clients, long Number)
{
    /// <summary>The number of a server's first, before which it has published nothing.</summary>
    public const long First = 1;

    public void Write(EnvelopeWriter writer)
    {
        writer.WriteText(Name);
        writer.WriteByte(IsPublisherOnly ? (byte)1 : (byte)0);
        writer.WriteInt32(Clients);
        writer.WriteInt64(Number);
    }

    public static bool TryRead(ref EnvelopeReader reader, out Heartbeat heartbeat)
    {
        heartbeat = new Heartbeat(reader.ReadText(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt64());
        return reader.IsAtEnd && heartbeat.Clients >= 0;
    }
}
