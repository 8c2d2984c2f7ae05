namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>Makes an input smaller as long as it still fails.</summary>
internal static class Minimizer
{
    /// <summary>Removes ever smaller pieces.</summary>
    /// <param name="input">An input that fails.</param>
    /// <param name="stillFails">Whether another one fails in the same way.</param>
    /// <param name="maxRuns">How many may be tried.</param>
    public static byte[] Minimize(byte[] input, Predicate<byte[]> stillFails, int maxRuns = 20_000)
    {
        for (var size = Math.Max(1, input.Length / 2); size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Length && maxRuns > 0; maxRuns--)
            {
                byte[] shorter = [.. input[..at], .. input[(at + size)..]];
                if (stillFails(shorter))
                {
                    input = shorter;
                }
                else
                {
                    at += size;
                }
            }
        }

        return input;
    }
}
