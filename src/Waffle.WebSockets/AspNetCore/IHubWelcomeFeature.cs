namespace Waffle.WebSockets.AspNetCore;

/// <summary>
/// A feature of a request whose client is in the same process, as in a test: it can wait until the hub knows it, which no client on a
/// network can see.
/// </summary>
internal interface IHubWelcomeFeature
{
    /// <summary>The connection is about to be accepted, and is to become a client of a hub.</summary>
    void Expect();

    /// <summary>It is one: the connect callback has ended.</summary>
    void SetWelcomed();
}
