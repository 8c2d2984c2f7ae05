namespace Waffle.WebSockets.Hubs;

/// <summary>Asks all servers who the members are.</summary>
internal static class ClusterCensus
{
    public static async Task<ClusterCount> CountAsync(BroadcastTarget target, CancellationToken cancellationToken)
    {
        var publication = target.Publication;
        if (publication.Bridge is not { } bridge)
        {
            return new ClusterCount(target.Count, TimeSpan.Zero, [], IsComplete: true);
        }

        var (answers, missing, age) = await bridge.Link.AskAsync(publication.Scopes, wantsMembers: false, cancellationToken);
        return new ClusterCount(
            target.Count + answers.Sum(static answer => answer.Count),
            age,
            [.. missing.Select(static server => server.Name)],
            IsComplete: missing.Count == 0 && bridge.Link.KnowsAll);
    }

    public static async Task<ClusterMembers> ListAsync(BroadcastTarget target, CancellationToken cancellationToken)
    {
        var publication = target.Publication;
        if (publication.Bridge is not { } bridge)
        {
            return new ClusterMembers([.. Local(target, server: string.Empty)], TimeSpan.Zero, [], IsComplete: true);
        }

        var (answers, missing, age) = await bridge.Link.AskAsync(publication.Scopes, wantsMembers: true, cancellationToken);
        return new ClusterMembers(
            [
                .. Local(target, bridge.ServerName),
                .. from answer in answers
                   from member in answer.Members
                   select new ClusterMember(member.ClientId, member.ConnectionId, bridge.Link.FindName(answer.Server) ?? string.Empty),
            ],
            age,
            [.. missing.Select(static server => server.Name)],
            IsComplete: missing.Count == 0 && bridge.Link.KnowsAll);
    }

    private static IEnumerable<ClusterMember> Local(BroadcastTarget target, string server) =>
        target.Snapshot().Select(client => new ClusterMember(client.Id, client.Connection.Id, server));
}
