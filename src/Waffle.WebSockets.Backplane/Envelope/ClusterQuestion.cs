namespace Waffle.WebSockets.Backplane;

/// <summary>What one server asks all others.</summary>
/// <param name="Number">Pairs answers with it.</param>
/// <param name="WantsMembers">Whether the members themselves are asked for, or only how many there are.</param>
/// <param name="Scopes">Whose members; each is counted once.</param>
internal readonly record struct ClusterQuestion(long Number, bool WantsMembers, IReadOnlyList<ChannelScope> Scopes)
{
    public void Write(EnvelopeWriter writer)
    {
        writer.WriteInt64(Number);
        writer.WriteByte(WantsMembers ? (byte)1 : (byte)0);
        writer.WriteInt32(Scopes.Count);
        foreach (var scope in Scopes)
        {
            writer.WriteByte((byte)scope.Kind);
            writer.WriteText(scope.Name);
        }
    }

    public static bool TryRead(ref EnvelopeReader reader, out ClusterQuestion question)
    {
        var (number, wantsMembers) = (reader.ReadInt64(), reader.ReadBoolean());
        var scopes = new ChannelScope[reader.ReadCount(1 + sizeof(int))];
        var areKnown = true;
        for (var i = 0; i < scopes.Length; i++)
        {
            scopes[i] = new ChannelScope((ScopeKind)reader.ReadByte(), reader.ReadText());
            areKnown &= scopes[i].Kind is ScopeKind.Hub or ScopeKind.Room or ScopeKind.User;
        }

        question = new ClusterQuestion(number, wantsMembers, scopes);
        return reader.IsAtEnd && areKnown;
    }
}
