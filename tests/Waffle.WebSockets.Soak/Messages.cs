namespace Waffle.WebSockets.Soak;

// What goes over the wire, as the payload of a message or the data of an event.

/// <summary>A numbered broadcast: event <c>tick</c>.</summary>
/// <param name="Target">The room's name; empty for the hub.</param>
/// <param name="Number">One more than that of the broadcast before it.</param>
/// <param name="Text"><see cref="Filler"/> of the number.</param>
/// <param name="Server">Who counts and broadcasts it.</param>
internal sealed record Tick(string Target, long Number, string Text, string Server);

/// <summary>Which ticks a client gets. Event <c>hello</c> for the hub, reply of <c>join</c> and <c>leave</c> for a room.</summary>
/// <param name="Completed">All up to this one had been sent before the request was handled.</param>
/// <param name="Started">All after this one were begun after the client had become, or ceased to be, a member.</param>
internal sealed record TickRange(long Completed, long Started);

/// <summary>Payload of <c>join</c> and <c>leave</c>.</summary>
internal sealed record RoomName
{
    public required string Room { get; init; }
}

/// <summary>Payload of <c>say</c>; comes to the members as event <c>said</c>.</summary>
internal sealed record Remark
{
    public string? From { get; init; }

    /// <summary>The server of the one who says it.</summary>
    public string? Server { get; init; }

    public required string Room { get; init; }

    /// <summary>Counts what the client says in the room.</summary>
    public required long Number { get; init; }

    public required string Text { get; init; }
}

/// <summary>Payload of the requests <c>echo</c> and <c>nap</c>, and of their replies.</summary>
internal sealed record Question
{
    public required long Number { get; init; }

    public required string Text { get; init; }

    /// <summary>For a nap, how long the handler takes.</summary>
    public int Milliseconds { get; init; }

    /// <summary>In the reply: the hub's ticks up to this one were sent before.</summary>
    public long Completed { get; init; }
}
