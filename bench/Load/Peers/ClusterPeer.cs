using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>Two servers of another peer, which an engine makes one.</summary>
/// <param name="alone">The other peer.</param>
/// <param name="engine">What is between the two.</param>
/// <param name="how">By what they speak to it.</param>
/// <param name="arguments">What each of the two is given besides.</param>
internal sealed class ClusterPeer(Peer alone, Engine engine, string how, params string[] arguments) : Peer
{
    /// <summary>The same server alone.</summary>
    public Peer Alone => alone;

    public override string Name => $"{alone.Name}-{engine.Name}";

    public override string Description => $"two servers of {alone.Name}, {how}";

    public override Engine? Engine => engine;

    public override Dialect Dialect => alone.Dialect;

    public override double SecondsToCompile => alone.SecondsToCompile;

    public override async Task<string?> BuildAsync(CancellationToken cancellationToken) =>
        await engine.EnsureAsync(cancellationToken) ?? await alone.BuildAsync(cancellationToken);

    public override async Task<string> ReadVersionAsync(CancellationToken cancellationToken) =>
        $"{await engine.ReadVersionAsync(cancellationToken)}; {await alone.ReadVersionAsync(cancellationToken)}";

    public override Command StartCommand(int port)
    {
        var command = alone.StartCommand(port);
        return command with { Arguments = [.. command.Arguments, .. arguments] };
    }

    public override string PathFor(Conversation conversation) => alone.PathFor(conversation);

    public override string? WhyNot(Conversation conversation) => alone.WhyNot(conversation);
}
