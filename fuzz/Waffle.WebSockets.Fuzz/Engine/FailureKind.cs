using System.Diagnostics;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Tells whether two failures are the same: the same rule, or the same exception from the same method.</summary>
internal static class FailureKind
{
    public static string Of(Exception failure) => failure is FuzzFailure broken
        ? broken.Rule
        : $"{failure.GetType().Name} in {new StackTrace(failure).GetFrame(0)?.GetMethod()?.Name}";

    /// <summary>Runs the target; the failure's kind, or <see langword="null"/> if all is well.</summary>
    public static string? OfRun(IFuzzTarget target, ReadOnlySpan<byte> input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception failure)
        {
            return Of(failure);
        }
    }
}
