using System.Reflection;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.PackageTests;

/// <summary>What the project delivers.</summary>
internal static class Libraries
{
    public static IReadOnlyList<Assembly> All { get; } =
    [
        typeof(WebSocketConnection).Assembly,
        typeof(WebSocketHubPublisher).Assembly,
        Assembly.Load("Waffle.WebSockets.Redis"),
        Assembly.Load("Waffle.WebSockets.Nats"),
        typeof(WebSocketTestClient).Assembly,
    ];
}
