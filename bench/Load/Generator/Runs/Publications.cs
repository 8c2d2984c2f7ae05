namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>The publications that are under way, and how many members each has yet to reach. They go to one room after the other.</summary>
/// <param name="window">How many there may be.</param>
/// <param name="members">How many members each room has.</param>
internal sealed class Publications(int window, int[] members)
{
    private readonly int[] _missing = new int[window];
    private long _oldest;
    private long _next;

    public long UnderWay => _next - _oldest;

    /// <summary>Begins the next; returns its room and its number there.</summary>
    public (int Room, long Sequence) Begin()
    {
        if (UnderWay == window)
        {
            throw new InvalidOperationException("As many publications are under way as may be.");
        }

        var (sequence, room) = Math.DivRem(_next, members.Length);
        _missing[_next % window] = members[room];
        _next++;
        return ((int)room, sequence);
    }

    /// <summary>Notes that one has reached one more member; returns how many new ones may begin.</summary>
    /// <exception cref="RunFailedException">It is not under way.</exception>
    public int Deliver(int room, long sequence)
    {
        var number = (sequence * members.Length) + room;
        if (number < _oldest || number >= _next)
        {
            throw new RunFailedException($"Room {room} got message {sequence}, which is not under way.");
        }

        _missing[number % window]--;
        var ended = 0;
        while (_oldest < _next && _missing[_oldest % window] == 0)
        {
            _oldest++;
            ended++;
        }

        return ended;
    }

    public string DescribeOldest() => $"{_missing[_oldest % window]} deliveries of publication {_oldest}";
}
