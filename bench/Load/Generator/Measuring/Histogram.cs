using System.Numerics;

namespace Waffle.WebSockets.Bench.Load.Generator.Measuring;

/// <summary>How often which duration occurred: exact below 128 ns, and from there on within 0.8 %.</summary>
internal sealed class Histogram
{
    // Each power of two is cut into so many buckets of the same width.
    private const int BucketsPerPower = 128;
    private const int Powers = 64 - 7;

    private readonly long[] _buckets = new long[(Powers + 1) * BucketsPerPower];

    public long Count { get; private set; }

    public void Add(long nanoseconds)
    {
        _buckets[BucketOf(Math.Max(nanoseconds, 0))]++;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(_buckets);
        Count = 0;
    }

    /// <summary>The duration that this part of all stays below, in microseconds; 0 if there are none.</summary>
    public double QuantileMicroseconds(double part)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        long seen = 0;
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            seen += _buckets[bucket];
            if (seen >= rank)
            {
                return MiddleOf(bucket) / 1000;
            }
        }

        return 0;
    }

    private static int BucketOf(long value)
    {
        var shift = ShiftFor(value);
        return (shift * BucketsPerPower) + (int)(value >> shift);
    }

    // So far that what is left is below twice the buckets of a power; in the upper half of these, except where nothing is shifted.
    private static int ShiftFor(long value) => Math.Max(0, BitOperations.Log2((ulong)value) - BitOperations.Log2(BucketsPerPower));

    private static double MiddleOf(int bucket)
    {
        var shift = Math.Max(0, (bucket / BucketsPerPower) - 1);
        var lowest = (double)(bucket - (shift * BucketsPerPower)) * (1L << shift);
        return lowest + (((1L << shift) - 1) / 2.0);
    }
}
