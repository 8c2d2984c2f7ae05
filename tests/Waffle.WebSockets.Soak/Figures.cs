namespace Waffle.WebSockets.Soak;

/// <summary>What a server knows about itself at one moment.</summary>
internal sealed record Figures
{
    /// <summary>Managed memory in use after a full collection.</summary>
    public required long HeapBytes { get; init; }

    /// <summary>What the garbage collector has from the system: the heap, and room that it keeps.</summary>
    public required long CommittedBytes { get; init; }

    /// <summary>Resident memory of the process.</summary>
    public required long ProcessBytes { get; init; }

    public required double ProcessorSeconds { get; init; }

    /// <summary>Open file descriptors.</summary>
    public required int Descriptors { get; init; }

    public required int Threads { get; init; }

    /// <summary>Deadlines of connections that are scheduled.</summary>
    public required int Timers { get; init; }

    public required int Members { get; init; }

    public required int Rooms { get; init; }

    /// <summary>The members of all rooms, added up.</summary>
    public required int RoomMembers { get; init; }

    public required long Broadcasts { get; init; }

    /// <summary>How many members the broadcasts were queued for.</summary>
    public required long Deliveries { get; init; }

    /// <summary>For how many they were not, for the queue was full or the connection closing.</summary>
    public required long Lost { get; init; }

    /// <summary>Hub connections that have ended.</summary>
    public required Dictionary<CloseCause, long> Ends { get; init; }

    /// <summary>What should not happen in a server; see there.</summary>
    public required Dictionary<string, int> Faults { get; init; }

    public required IReadOnlyList<string> FaultTexts { get; init; }
}
