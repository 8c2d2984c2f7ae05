using Waffle.WebSockets.Bench.Load.Generator.Frames;
using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>A connection, or the place for one.</summary>
internal sealed class Client(int number)
{
    /// <summary>Its place among all.</summary>
    public int Number => number;

    public ClientState State { get; set; }

    public int Descriptor { get; set; } = -1;

    /// <summary>What the event loop watches it for.</summary>
    public SocketEvents Watched { get; set; }

    /// <summary>The key of its upgrade request.</summary>
    public string Key { get; set; } = "";

    /// <summary>When it began to connect.</summary>
    public long Started { get; set; }

    /// <summary>Whether it reads nothing while it is open.</summary>
    public bool IsStalled { get; set; }

    /// <summary>What came of a frame that is not complete.</summary>
    public ByteQueue Unparsed { get; } = new();

    /// <summary>What the kernel did not take yet.</summary>
    public ByteQueue Unsent { get; } = new();

    /// <summary>Whether <see cref="Unsent"/> is to be flushed at the end of the batch of events.</summary>
    public bool IsDue { get; set; }

    /// <summary>The fragments that came of a message.</summary>
    public ByteQueue Fragments { get; } = new();

    /// <summary>The first of the fragments; none is under way if its kind is <see cref="FrameKind.Continuation"/>.</summary>
    public ServerFrame FirstFragment { get; set; }

    public void Reset()
    {
        (State, Descriptor, Watched, FirstFragment) = (ClientState.Closed, -1, SocketEvents.None, default);
        Unparsed.Clear();
        Unsent.Clear();
        Fragments.Clear();
    }
}
