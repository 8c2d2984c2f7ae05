using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>The senders that wait for room in a queue, who came first in front. Used under the queue's lock; told the outcome outside it.</summary>
internal sealed class SendWaiters(TimerWheel wheel)
{
    private LinkedList<SendWaiter>? _line;

    public bool IsEmpty => _line is not { Count: > 0 };

    /// <summary>Who has waited longest.</summary>
    public SendWaiter? First => _line?.First?.Value;

    /// <summary>Tells senders that are in the line no more what became of their messages.</summary>
    public static void Complete(LinkedList<SendWaiter>? waiters, SendStatus status)
    {
        for (var node = waiters?.First; node is not null; node = node.Next)
        {
            node.Value.Complete(status);
        }
    }

    public void Add(SendWaiter waiter, TimeSpan timeout)
    {
        // All that may throw comes before it stands in the line: who did not wait must not be sent for.
        var place = new LinkedListNode<SendWaiter>(waiter);
        _line ??= new();
        if (timeout > TimeSpan.Zero)
        {
            wheel.Schedule(waiter, wheel.Now + TimerWheel.ToTicks(timeout));
        }

        waiter.Place = place;
        _line.AddLast(place);
    }

    /// <summary>Takes one out; <see langword="false"/> if it is in the line no more.</summary>
    public bool Remove(SendWaiter waiter)
    {
        if (waiter.Place is not { } place)
        {
            return false;
        }

        _line!.Remove(place);
        waiter.Place = null;
        wheel.Cancel(waiter);
        return true;
    }

    /// <summary>Takes the first one out and puts it at the end of a list.</summary>
    public void MoveFirstTo(LinkedList<SendWaiter> list)
    {
        var place = _line!.First!;
        Remove(place.Value);
        list.AddLast(place);
    }

    /// <summary>Takes all out.</summary>
    public LinkedList<SendWaiter>? TakeAll()
    {
        var all = _line;
        _line = null;
        for (var node = all?.First; node is not null; node = node.Next)
        {
            node.Value.Place = null;
            wheel.Cancel(node.Value);
        }

        return all;
    }
}
