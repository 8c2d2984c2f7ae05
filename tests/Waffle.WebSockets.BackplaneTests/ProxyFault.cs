using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What may be wrong with one server's way to the engine.</summary>
public enum ProxyFault
{
    Cut,
    Stall,
    StallToEngine,
    StallFromEngine,
    HalfCloseToEngine,
    HalfCloseFromEngine,
    Delay,
}

internal static class ProxyFaults
{
    // More than two heartbeats of the tests take.
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(2);

    public static void Apply(this FaultyProxy proxy, ProxyFault fault)
    {
        switch (fault)
        {
            case ProxyFault.Cut:
                proxy.Cut();
                break;
            case ProxyFault.Stall:
                proxy.Stall(ProxyDirections.Both);
                break;
            case ProxyFault.StallToEngine:
                proxy.Stall(ProxyDirections.ToTarget);
                break;
            case ProxyFault.StallFromEngine:
                proxy.Stall(ProxyDirections.FromTarget);
                break;
            case ProxyFault.HalfCloseToEngine:
                proxy.HalfClose(ProxyDirections.ToTarget);
                break;
            case ProxyFault.HalfCloseFromEngine:
                proxy.HalfClose(ProxyDirections.FromTarget);
                break;
            case ProxyFault.Delay:
                proxy.Delay(_delay);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault));
        }
    }
}
