using Waffle.WebSockets.Bench.Load.Generator.Payloads;

namespace Waffle.WebSockets.Bench.Load.Generator.Runs;

/// <summary>What a connection has sent and has not got back yet.</summary>
internal sealed class EchoesDue(int connection, int depth)
{
    private readonly long[] _times = new long[depth];
    private long _oldest;
    private long _next;

    public int Count => (int)(_next - _oldest);

    /// <summary>Adds a message; returns its stamp.</summary>
    public Stamp Add(long now)
    {
        _times[_next % depth] = now;
        return new Stamp((uint)connection, _next++, now);
    }

    /// <summary>Takes the oldest away; returns its stamp.</summary>
    /// <exception cref="RunFailedException">There is none.</exception>
    public Stamp Take() => Count > 0
        ? new Stamp((uint)connection, _oldest, _times[_oldest++ % depth])
        : throw new RunFailedException($"Connection {connection} got a message more than it had sent.");
}
