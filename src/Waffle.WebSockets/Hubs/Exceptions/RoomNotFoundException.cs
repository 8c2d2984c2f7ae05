namespace Waffle.WebSockets;

/// <summary>Nobody is in a room of that name.</summary>
public sealed class RoomNotFoundException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The name that was asked for.</param>
    public RoomNotFoundException(string name)
        : base($"Nobody is in a room named \"{name}\". Use Room(name) for a handle that needs no members.") => Name = name;

    /// <summary>The name that was asked for.</summary>
    public string Name { get; }
}
