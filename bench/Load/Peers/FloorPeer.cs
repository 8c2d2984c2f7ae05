using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The least that a server with one thread can do on this machine: ready frames, handed to the kernel.</summary>
internal sealed class FloorPeer : Peer
{
    private static readonly string _source = RepositoryPaths.In("bench/Servers/Floor/floor.c");

    private static readonly string _program = RepositoryPaths.In("artifacts/bench/floor");

    public override string Name => "floor";

    public override string Description => "C: one thread, epoll, one send for each connection and wakeup";

    public override Dialect Dialect => PlainDialect.Instance;

    public override async Task<string?> BuildAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_program)!);
        return await new Command("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", _program, _source, "-lz"]).TryAsync(cancellationToken);
    }

    public override async Task<string> ReadVersionAsync(CancellationToken cancellationToken) =>
        "gcc " + await new Command("gcc", ["-dumpfullversion"]).ReadLineAsync(cancellationToken);

    public override Command StartCommand(int port) => new(_program, ["--port", $"{port}"]);

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);
}
