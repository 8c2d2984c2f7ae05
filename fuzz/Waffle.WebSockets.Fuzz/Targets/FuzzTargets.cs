using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new FrameHeaderTarget(),
        new MessageReaderTarget("reader-server", EndpointRole.Server),
        new MessageReaderTarget("reader-client", EndpointRole.Client),
        new HandshakeTarget(),
        new ExtensionsTarget(),
        new InflateTarget(),
        new OriginsTarget(),
        new EnvelopeTarget(),
        new BackplaneTarget(),
    ];

    /// <exception cref="ArgumentException">There is no such target.</exception>
    public static IFuzzTarget Get(string name) =>
        All.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"There is no target {name}.", nameof(name));
}
