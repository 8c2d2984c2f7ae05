namespace Waffle.WebSockets;

/// <summary>No client of the hub has a connection with that id.</summary>
public sealed class ClientNotFoundException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="id">The connection id that was asked for.</param>
    public ClientNotFoundException(string id)
        : base($"No client has a connection with the id \"{id}\". Use TryGetClient to ask whether one has.") => Id = id;

    /// <summary>The connection id that was asked for.</summary>
    public string Id { get; }
}
