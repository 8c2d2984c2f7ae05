namespace Waffle.WebSockets.Backplane;

/// <summary>A server's answer, or a part of it: long lists come in parts.</summary>
/// <param name="Number">The question's.</param>
/// <param name="Part">Counted from 0.</param>
/// <param name="IsLast">Whether no part follows.</param>
/// <param name="Count">How many members the server has in all.</param>
/// <param name="Members">Those of this part, if they were asked for.</param>
internal readonly record struct ClusterAnswer(long Number, int Part, bool IsLast, int Count, IReadOnlyList<AnsweredMember> Members)
{
    /// <summary>How many members a part has at most.</summary>
    public const int MaxMembers = 1000;

    public void Write(EnvelopeWriter writer)
    {
        writer.WriteInt64(Number);
        writer.WriteInt32(Part);
        writer.WriteByte(IsLast ? (byte)1 : (byte)0);
        writer.WriteInt32(Count);
        writer.WriteInt32(Members.Count);
        foreach (var member in Members)
        {
            writer.WriteText(member.ClientId);
            writer.WriteText(member.ConnectionId);
        }
    }

    public static bool TryRead(ref EnvelopeReader reader, out ClusterAnswer answer)
    {
        var (number, part, isLast, count) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadInt32());
        var members = new AnsweredMember[reader.ReadCount(2 * sizeof(int))];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = new AnsweredMember(reader.ReadText(), reader.ReadText());
        }

        answer = new ClusterAnswer(number, part, isLast, count, members);
        return reader.IsAtEnd && count >= 0 && part >= 0;
    }
}
