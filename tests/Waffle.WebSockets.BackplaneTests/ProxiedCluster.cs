namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Servers that find a fault soon, for the tests wait for it in real time, and tell their members of gaps.</summary>
internal static class ProxiedCluster
{
    public static Task<Cluster> StartAsync(Func<int, IBackplane> connect, int servers = 2) => Cluster.StartAsync(
        connect,
        servers,
        static options =>
        {
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
            options.ServerLease = TimeSpan.FromSeconds(2);
            options.JoinTimeout = TimeSpan.FromMilliseconds(100);
        },
        static options => options.GapEvent = NumberedRoom.GapEvent);
}
