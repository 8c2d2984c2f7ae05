namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>How many descriptors this process may have.</summary>
internal static unsafe class OpenFiles
{
    private const int Resource = 7;

    // What the runtime itself has open.
    private const int Reserve = 200;

    /// <summary>Raises the limit as far as it goes without privileges, and returns how many connections fit.</summary>
    public static int RaiseLimit()
    {
        ResourceLimit limit;
        LinuxError.Check(LinuxCalls.GetLimit(Resource, &limit), "getrlimit");
        limit.Current = limit.Hard;
        LinuxError.Check(LinuxCalls.SetLimit(Resource, &limit), "setrlimit");
        return (int)Math.Min(limit.Hard, 1_000_000) - Reserve;
    }
}
