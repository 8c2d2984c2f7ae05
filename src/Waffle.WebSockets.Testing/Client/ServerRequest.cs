using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.Testing.Client;

/// <summary>What became of the request that a client connected with.</summary>
/// <param name="Response">The answer's headers.</param>
/// <param name="Ended">Completes when the server is done with it: its handler and the hub's disconnect callback have ended.</param>
/// <param name="Welcomed">Completes when the hub's connect callback has ended; at once if no hub was asked.</param>
internal sealed record ServerRequest(IHeaderDictionary Response, Task Ended, Task Welcomed);
