namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>Processor time, user's and system's, of all threads of a process, those that have ended included.</summary>
/// <remarks>The kernel has a clock for each process, which counts nanoseconds where /proc/PID/stat counts steps of 10 ms.</remarks>
internal static unsafe class ProcessorTime
{
    private const int OwnClock = 2;
    private const int ScheduledTime = 2;

    public static double ReadSeconds(int process) => Read((~process << 3) | ScheduledTime);

    public static double ReadOwnSeconds() => Read(OwnClock);

    private static double Read(int clock)
    {
        TimeSpecification time;
        LinuxError.Check(LinuxCalls.GetTime(clock, &time), "clock_gettime");
        return time.Seconds + (time.Nanoseconds / 1e9);
    }
}
