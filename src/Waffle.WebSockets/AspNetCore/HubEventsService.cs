namespace Waffle.WebSockets.AspNetCore;

/// <summary>A class of events that a hub was registered with: created at the start, so that a class that cannot be is found then.</summary>
/// <param name="Key">The hub's key.</param>
/// <param name="Create">Asks the services for it.</param>
internal sealed record HubEventsService(string? Key, Func<IServiceProvider, IHubEvents> Create);
