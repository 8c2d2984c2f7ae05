namespace Waffle.WebSockets.Bench.Growth;

/// <summary>How far the growth is followed, and how often each cost is measured.</summary>
/// <param name="Members">Numbers of members and of connections.</param>
/// <param name="Rooms">Numbers of rooms.</param>
/// <param name="Samples">Measurements, of which the median counts.</param>
internal sealed record GrowthSizes(int[] Members, int[] Rooms, int Samples)
{
    public static readonly GrowthSizes Full = new([100, 1000, 10_000, 100_000], [1, 10, 100, 1000, 10_000], Samples: 7);

    public static readonly GrowthSizes Quick = new([100, 1000, 10_000], [1, 100, 1000], Samples: 3);
}
