using System.Diagnostics.CodeAnalysis;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>What a target says about its results. Each rule is a fixed sentence.</summary>
/// <exception cref="FuzzFailure">It does not hold.</exception>
internal static class Check
{
    public static void That([DoesNotReturnIf(false)] bool holds, string rule)
    {
        if (!holds)
        {
            throw new FuzzFailure(rule);
        }
    }

    public static void Equal<T>(T expected, T actual, string rule)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new FuzzFailure(rule, $"expected: {expected}\nactual:   {actual}");
        }
    }

    public static void SameBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string rule)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new FuzzFailure(rule, $"expected: {Convert.ToHexString(expected)}\nactual:   {Convert.ToHexString(actual)}");
        }
    }
}
