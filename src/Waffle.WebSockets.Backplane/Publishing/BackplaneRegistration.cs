namespace Waffle.WebSockets.Backplane;

/// <summary>How the backplane of a hub, or of a publisher, is made. Whoever makes it disposes of it.</summary>
/// <param name="Key">The key under which the hub or the publisher is registered.</param>
/// <param name="Create">Makes it.</param>
internal sealed record BackplaneRegistration(string? Key, Func<IServiceProvider, IBackplane> Create);
