using System.Runtime.InteropServices;
using Waffle.WebSockets.Bench.Load;
using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Peers;

// Measures servers under load, side by side; ./bench.sh starts it.
if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("The load bench runs on Linux only: it uses epoll, and reads /proc.");
    return 1;
}

if (args.Contains("--help"))
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

if (args is ["generate", var plan])
{
    LoadGenerator.Run(plan, Console.Out);
    return 0;
}

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (Exception wrong) when (wrong is ArgumentException or FormatException)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

if (options.List)
{
    Console.WriteLine($"workloads: {string.Join(", ", options.Workloads.Select(workload => workload.Name))}");
    Console.WriteLine($"servers: {string.Join(", ", PeerList.All.Select(peer => peer.Name))}");
    return 0;
}

// However it is told to end, it ends the servers that it started.
using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    return await new Bench(options, Console.Out).RunAsync(interrupted.Token) ? 0 : 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Interrupted; what was measured is written.");
    return 1;
}

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}
