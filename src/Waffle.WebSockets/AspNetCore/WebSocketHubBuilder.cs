using Microsoft.Extensions.DependencyInjection;

namespace Waffle.WebSockets.AspNetCore;

internal sealed record WebSocketHubBuilder(IServiceCollection Services, string? Key) : IWebSocketHubBuilder;
