using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A network between a server and one peer that can stop carrying anything without a word to either.</summary>
internal interface IBreakableNetwork : IAsyncDisposable
{
    /// <summary>Puts the server into the network.</summary>
    void Configure(WebApplicationBuilder builder);

    /// <summary>A peer that will be cut off.</summary>
    Task<Stream> ConnectAsync(KestrelHost host);

    /// <summary>A peer that will not.</summary>
    Task<Stream> ConnectNearbyAsync(KestrelHost host);

    void Break();
}
