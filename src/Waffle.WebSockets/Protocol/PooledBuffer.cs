using System.Numerics;

namespace Waffle.WebSockets.Protocol;

/// <summary>What the shared array pool hands out: more than was asked for, which counts where memory is bounded.</summary>
internal static class PooledBuffer
{
    /// <summary>The longest array whose length is a power of two; one more byte would be asked for as twice as many.</summary>
    public const int Largest = 1 << 30;

    private const int Smallest = 16;

    /// <summary>The length of the array for <paramref name="needed"/> bytes; none is rented for none.</summary>
    public static int LengthFor(int needed) =>
        needed == 0 ? 0 : Math.Max(Smallest, (int)BitOperations.RoundUpToPowerOf2((uint)needed));
}
