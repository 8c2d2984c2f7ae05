namespace Waffle.WebSockets;

/// <summary>What became of an application's connections when it was drained.</summary>
public sealed record WebSocketDrainReport
{
    /// <summary>How many there were, with those that came in while it went on: <see cref="Closed"/> and <see cref="Cut"/> together.</summary>
    public required int Connections { get; init; }

    /// <summary>How many ended by the closing handshake, or by themselves.</summary>
    public required int Closed { get; init; }

    /// <summary>How many were cut: they did not take or answer the Close in time, or the drain's time was over.</summary>
    public required int Cut { get; init; }

    /// <summary>Of how many the messages were being handled when their turn came, and were handled to their end in time.</summary>
    public required int Finished { get; init; }

    /// <summary>Of how many a handler or a callback had not ended a second after all was cut.</summary>
    public required int LeftBehind { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }
}
