using Waffle.WebSockets.Bench.Growth.SignalR;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>A thousand newcomers join, leave, join again and disconnect, in a hub where others stay.</summary>
internal static class Membership
{
    private const int Newcomers = 1000;

    public static async Task MeasureAsync(Crowd crowd, Func<int, string> room, int samples, double x, Lines lines)
    {
        var newcomers = await crowd.AddAsync(Newcomers);
        var times = await CpuTime.MedianAsync(samples, async () =>
        [
            await CpuTime.OfAsync(() => JoinAsync(newcomers, room)),
            await CpuTime.OfAsync(() => LeaveAsync(newcomers, room)),
        ]);
        lines.Add("Join", x, Microseconds.For(times[0], Newcomers));
        lines.Add("Leave", x, Microseconds.For(times[1], Newcomers));

        times = await CpuTime.MedianAsync(samples, async () =>
        {
            await JoinAsync(newcomers, room);
            var time = await CpuTime.OfAsync(() => crowd.DisconnectAsync(newcomers));
            newcomers = await crowd.AddAsync(Newcomers);
            return [time];
        });
        lines.Add("Disconnect", x, Microseconds.For(times[0], Newcomers));
    }

    public static async Task MeasureAsync(SignalRCrowd crowd, Func<int, string> room, int samples, double x, Lines lines)
    {
        var newcomers = await crowd.AddAsync(Newcomers);
        var times = await CpuTime.MedianAsync(samples, async () =>
        [
            await CpuTime.OfAsync(() => crowd.JoinAsync(newcomers, room)),
            await CpuTime.OfAsync(() => crowd.LeaveAsync(newcomers, room)),
        ]);
        lines.Add($"{Names.SignalR}, join", x, Microseconds.For(times[0], Newcomers));
        lines.Add($"{Names.SignalR}, leave", x, Microseconds.For(times[1], Newcomers));
    }

    public static async Task JoinAsync(HubClient[] clients, Func<int, string> room)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            if (await clients[i].JoinAsync(room(i)) != JoinResult.Joined)
            {
                throw new InvalidOperationException("A client could not join.");
            }
        }
    }

    public static async Task LeaveAsync(HubClient[] clients, Func<int, string> room)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            if (!await clients[i].LeaveAsync(room(i)))
            {
                throw new InvalidOperationException("A client was not in its room.");
            }
        }
    }
}
