namespace Waffle.WebSockets.Backplane;

/// <summary>Remembers which of the latest numbers of a server have come, so that none is taken twice. Not synchronised.</summary>
internal sealed class RecentNumbers
{
    // A message to several rooms comes once in each of them, one soon after the other.
    private const int Remembered = 1024;

    private readonly long[] _numbers = new long[Remembered];

    /// <summary>Takes a number, counted from 1.</summary>
    /// <returns>Whether it is new; <see langword="null"/> for one that is older than all that are remembered, of which nobody knows.</returns>
    public bool? TryAdd(long number)
    {
        ref var place = ref _numbers[number & (Remembered - 1)];
        if (number <= place)
        {
            return number == place ? false : null;
        }

        place = number;
        return true;
    }
}
