using Waffle.WebSockets.Bench.Growth.SignalR;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>What coming to and going from a room costs, by how many are there.</summary>
internal static class MemberGrowth
{
    private const string Room = "tea";

    public static async Task<Plot> MeasureAsync(GrowthSizes sizes)
    {
        var lines = new Lines();
        foreach (var members in sizes.Members)
        {
            await using (var crowd = new Crowd())
            {
                await Membership.JoinAsync(await crowd.AddAsync(members), _ => Room);
                await Membership.MeasureAsync(crowd, _ => Room, sizes.Samples, members, lines);
            }

            var signalR = new SignalRCrowd();
            await signalR.JoinAsync(await signalR.AddAsync(members), _ => Room);
            await Membership.MeasureAsync(signalR, _ => Room, sizes.Samples, members, lines);
        }

        return new Plot(
            "growth-members",
            "Joining, leaving and disconnecting, by the size of the room",
            new PlotAxis("Members of the room"),
            new PlotAxis("CPU per operation", "µs"),
            lines.ToSeries(),
            GrowthReport.Note);
    }
}
