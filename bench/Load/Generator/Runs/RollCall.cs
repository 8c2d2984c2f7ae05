using System.Collections;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;

namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>Who has got a first message.</summary>
internal sealed class RollCall
{
    private readonly BitArray _missing;

    public RollCall(int[] connections)
    {
        _missing = new BitArray(connections.Max() + 1);
        foreach (var connection in connections)
        {
            _missing[connection] = true;
        }

        Missing = connections.Length;
    }

    /// <summary>How long to wait for answers before the next message is sent.</summary>
    public static long Interval { get; } = Clock.ToNanoseconds(0.3);

    /// <summary>The stamp of these messages, which are published until all have got one.</summary>
    public static Stamp Stamp { get; } = new(uint.MaxValue, Sequence: 0, Time: 0);

    public int Missing { get; private set; }

    /// <summary>Notes that a connection has got a message; returns whether it was missing.</summary>
    public bool Answer(int connection)
    {
        if (!_missing[connection])
        {
            return false;
        }

        _missing[connection] = false;
        Missing--;
        return true;
    }
}
