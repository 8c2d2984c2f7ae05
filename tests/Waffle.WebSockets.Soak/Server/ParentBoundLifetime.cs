using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Soak.Server;

/// <summary>Ends the server when its standard input ends: when the process that started it is gone, however that went.</summary>
internal sealed class ParentBoundLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    // Ctrl-C reaches all processes of a terminal; it is the starting one that decides.
    private readonly PosixSignalRegistration _interrupts = Ignore(PosixSignal.SIGINT);
    private readonly PosixSignalRegistration _terminations = Ignore(PosixSignal.SIGTERM);

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        new Thread(WaitForEndOfInput) { IsBackground = true, Name = "end of input" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _interrupts.Dispose();
        _terminations.Dispose();
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, static context => context.Cancel = true);

    private void WaitForEndOfInput()
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        application.StopApplication();
    }
}
