using System.Runtime.InteropServices;
using Waffle.WebSockets.Soak.Report;
using Waffle.WebSockets.Soak.Server;

// A soak of the library; docs/testing.md says what it shows. Starts itself as a second process for the server.
if (ServerSetup.Parse(args) is { } setup)
{
    await SoakServer.RunAsync(setup);
    return 0;
}

if (SoakOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(SoakOptions.Usage);
    return 2;
}

using var interrupt = new CancellationTokenSource();
using var interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndEarly);
using var terminations = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndEarly);
return await new SoakRun(options, Console.Out).RunAsync(interrupt.Token);

void EndEarly(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupt.Cancel();
}
