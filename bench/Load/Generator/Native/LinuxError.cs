using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>Numbers of the kernel's errors that the generator expects, and words for the others.</summary>
internal static class LinuxError
{
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int InProgress = 115;

    public static int Last => Marshal.GetLastPInvokeError();

    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>Passes on a call's result, unless that tells of a failure.</summary>
    public static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Last, $"{call}: {Describe(Last)}");
}
