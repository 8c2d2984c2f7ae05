namespace Waffle.WebSockets.Hubs;

/// <summary>One client's place in one group.</summary>
internal sealed class Membership(HubClient client, MemberGroup group)
{
    public HubClient Client { get; } = client;

    public MemberGroup Group { get; } = group;

    /// <summary>Where it stands in the group's list; guarded by the group's lock.</summary>
    public int Index { get; set; }
}
