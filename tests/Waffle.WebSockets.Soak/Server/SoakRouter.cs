namespace Waffle.WebSockets.Soak.Server;

/// <summary>What clients can ask for.</summary>
internal static class SoakRouter
{
    public static MessageRouter Create(Targets targets) => new MessageRouter()
        .OnRequest<RoomName, TickRange>("join", (client, join, ct) => JoinAsync(targets.Room(join.Room), client, join.Room, ct))
        .OnRequest<RoomName, TickRange>("leave", (client, leave, ct) => LeaveAsync(targets.Room(leave.Room), client, leave.Room, ct))
        .On<RoomName>("wander", (client, room, ct) => client.JoinAsync(room.Room, ct).AsTask())
        .On<Remark>("say", (client, remark, ct) => SayAsync(client, remark with { From = client.Id, Server = targets.Server }, ct))
        .OnRequest<Question, Question>("echo", (_, question, _) => Task.FromResult(question with { Completed = targets.Hub.Completed }))
        .OnRequest<Question, Question>("nap", NapAsync, new MessageRouteOptions { MaxConcurrency = 4 })
        .On("bye", (client, _, ct) => client.CloseAsync(CloseCode.NormalClosure, "You asked for it.", ct))
        .On("cut", (client, _, _) =>
        {
            client.Connection.Abort();
            return Task.CompletedTask;
        });

    private static async Task<TickRange> JoinAsync(NumberedTarget room, HubClient client, string name, CancellationToken cancellationToken)
    {
        var completed = room.Completed;
        var result = await client.JoinAsync(name, cancellationToken);
        return result is JoinResult.Joined or JoinResult.Closed
            ? new TickRange(completed, room.Started)
            : throw new MessageRejectedException("not_joined", result.ToString());
    }

    private static async Task<TickRange> LeaveAsync(NumberedTarget room, HubClient client, string name, CancellationToken cancellationToken)
    {
        var completed = room.Completed;
        await client.LeaveAsync(name, cancellationToken);
        return new TickRange(completed, room.Started);
    }

    private static async Task SayAsync(HubClient client, Remark remark, CancellationToken cancellationToken)
    {
        if (!client.IsIn(remark.Room))
        {
            throw new MessageRejectedException("not_a_member", $"Join {remark.Room} first.");
        }

        await client.Hub.Room(remark.Room).BroadcastEventAsync("said", remark, default, cancellationToken);
    }

    private static async Task<Question> NapAsync(HubClient client, Question question, CancellationToken cancellationToken)
    {
        await Task.Delay(question.Milliseconds, cancellationToken);
        return question;
    }
}
