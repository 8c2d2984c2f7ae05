using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A network of the kernel's of its own. Sockets that are made within it stay there, whoever uses them.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000;

    private static int _count;

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Makes one; <see langword="null"/> with the reason where this is not possible.</summary>
    public static NetworkNamespace? TryCreate(out string reason)
    {
        var name = $"waffle-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        reason = OperatingSystem.IsLinux() ? TryRun("netns", "add", name) : "it is no Linux";
        return reason.Length == 0 ? new NetworkNamespace(name) : null;
    }

    /// <summary>Runs the tool ip within; returns what it complains about, or nothing.</summary>
    public string TryConfigure(string arguments) => TryRun(["-n", Name, .. arguments.Split(' ')]);

    /// <summary>Does something on a thread that is within.</summary>
    public T Run<T>(Func<T> action)
    {
        T result = default!;
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = action();
            }
            catch (Exception error)
            {
                fault = error;
            }
        });
        thread.Start();
        thread.Join();
        return fault is null ? result : throw new InvalidOperationException($"Within {Name} it failed.", fault);
    }

    public void Dispose() => TryRun("netns", "delete", Name);

    private static string TryRun(params string[] arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            var errors = ip.StandardError.ReadToEnd();
            ip.WaitForExit();
            return ip.ExitCode == 0 ? string.Empty : errors.Trim();
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }
    }

    // The thread ends after it, so nothing has to lead back.
    private void Enter()
    {
        using var file = File.OpenHandle($"/var/run/netns/{Name}");
        Assert.Equal(0, SetNamespace((int)file.DangerousGetHandle(), NewNetwork));
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int file, int kind);
}
