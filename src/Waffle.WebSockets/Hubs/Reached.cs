using System.Buffers;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Hubs;

/// <summary>Those whom a broadcast has reached and for whom something is left to do once no lock is held.</summary>
internal struct Reached
{
    // Not kept by thread, as the shared pools are: a broadcaster rents what other threads give back. What was rented once is kept for good: 24 bytes for
    // each member of the largest group, as often as there were broadcasters at once.
    private static readonly ArrayPool<WebSocketConnection> _connections = ArrayPool<WebSocketConnection>.Create();
    private static readonly ArrayPool<Unsettled> _outcomes = ArrayPool<Unsettled>.Create();

    private MemberBatch _idle;
    private Unsettled[]? _unsettled;
    private int _unsettledCount;

    private readonly record struct Unsettled(WebSocketConnection Connection, EnqueueOutcome Outcome);

    /// <summary>Makes room for so many; before any is added.</summary>
    public void Reserve(int places)
    {
        _idle = new MemberBatch(_connections);
        _idle.Reserve(places);
        _unsettled = _outcomes.Rent(places);
    }

    public void Add(WebSocketConnection connection, EnqueueOutcome outcome)
    {
        switch (outcome)
        {
            case EnqueueOutcome.QueuedAndIdle:
                _idle.Add(connection);
                break;
            case EnqueueOutcome.Overflowed or EnqueueOutcome.Dropped or EnqueueOutcome.QueuedForOldest:
                _unsettled![_unsettledCount++] = new Unsettled(connection, outcome);
                break;
            default:
                break;
        }
    }

    /// <summary>Closes those whose queue overflowed, counts full queues, and has those who were idle written to. Under no lock.</summary>
    public readonly void Settle(GroupWriter writer, int cost)
    {
        if (_unsettled is not null)
        {
            foreach (var (connection, outcome) in _unsettled.AsSpan(0, _unsettledCount))
            {
                FanOut.Settle(connection, outcome);
            }

            _unsettled.AsSpan(0, _unsettledCount).Clear();
            _outcomes.Return(_unsettled);
        }

        writer.Write(_idle, cost);
    }
}
