using Waffle.WebSockets.Bench.Growth.SignalR;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>What coming and going costs, by how many rooms there are. Each has one member who stays.</summary>
internal static class RoomGrowth
{
    public static async Task<Plot> MeasureAsync(GrowthSizes sizes)
    {
        var lines = new Lines();
        foreach (var count in sizes.Rooms)
        {
            var rooms = Enumerable.Range(0, count).Select(static number => $"room {number}").ToArray();
            await using (var crowd = new Crowd())
            {
                await Membership.JoinAsync(await crowd.AddAsync(count), index => rooms[index]);
                await Membership.MeasureAsync(crowd, index => rooms[index % count], sizes.Samples, count, lines);
            }

            var signalR = new SignalRCrowd();
            await signalR.JoinAsync(await signalR.AddAsync(count), index => rooms[index]);
            await Membership.MeasureAsync(signalR, index => rooms[index % count], sizes.Samples, count, lines);
        }

        return new Plot(
            "growth-rooms",
            "Joining, leaving and disconnecting, by the number of rooms",
            new PlotAxis("Rooms"),
            new PlotAxis("CPU per operation", "µs"),
            lines.ToSeries(),
            GrowthReport.Note);
    }
}
