using System.Numerics;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>What the instrumented library reached: for one run, and for all of them.</summary>
/// <remarks>For each pair of blocks that follow each other there is a byte in a map, which the instrumented library counts up.</remarks>
internal sealed unsafe class Coverage : IDisposable
{
    private const int MapSize = 1 << 16;

    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(MapSize);

    // For each edge, which numbers of times were seen: a bit for 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, and more.
    private readonly byte[] _seen = new byte[MapSize];
    private readonly bool[] _entered = new bool[MapSize];

    public Coverage()
    {
        Trace.SharedMem = _map;
        Trace.OnBranch = OnBlock;
    }

    /// <summary>Blocks that the current run has entered so far, each as often as it did.</summary>
    public long Steps { get; private set; }

    /// <summary>Edges that any run took.</summary>
    public int Edges { get; private set; }

    private Span<byte> Map => new(_map, MapSize);

    /// <summary>Begins a run.</summary>
    public void Begin()
    {
        Map.Clear();
        Trace.PrevLocation = 0;
        Steps = 0;
    }

    /// <summary>Ends a run; whether it took an edge that none did before.</summary>
    public bool EndNewEdges()
    {
        var before = Edges;
        End();
        return Edges > before;
    }

    /// <summary>Ends a run; whether it took an edge that none did before, or one a new number of times.</summary>
    public bool End()
    {
        var isNew = false;
        var map = Map;
        for (var i = map.IndexOfAnyExcept((byte)0); i >= 0;)
        {
            var times = TimesBit(map[i]);
            if ((_seen[i] & times) == 0)
            {
                isNew = true;
                Edges += _seen[i] == 0 ? 1 : 0;
                _seen[i] |= times;
            }

            var next = map[(i + 1)..].IndexOfAnyExcept((byte)0);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return isNew;
    }

    /// <summary>How many of these blocks any run has entered.</summary>
    public int CountEntered(IEnumerable<int> blocks) => blocks.Count(block => _entered[block]);

    public void Dispose()
    {
        Trace.OnBranch = static (_, _) => { };
        Trace.SharedMem = null;
        NativeMemory.Free(_map);
    }

    private static byte TimesBit(byte times) => times switch
    {
        < 4 => (byte)(1 << (times - 1)),
        >= 128 => 0x80,
        >= 32 => 0x40,
        _ => (byte)(1 << (BitOperations.Log2(times) + 1)),
    };

    private void OnBlock(int block, string method)
    {
        Steps++;
        _entered[block] = true;
    }
}
