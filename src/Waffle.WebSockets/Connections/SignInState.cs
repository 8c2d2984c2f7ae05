namespace Waffle.WebSockets.Connections;

/// <summary>Whether the peer has said who it is; numbers, to be compared and exchanged in one step. What came first stays.</summary>
internal static class SignInState
{
    public const int Awaited = 0;

    public const int Done = 1;

    /// <summary>The time was over; the connection ends.</summary>
    public const int Missed = 2;
}
