namespace Waffle.WebSockets;

/// <summary>The hub is closed and takes no connection any more.</summary>
public sealed class HubClosedException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public HubClosedException()
        : base("The hub is closed. Create connections before it closes, or use another hub.")
    {
    }
}
