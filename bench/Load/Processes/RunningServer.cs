using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>A peer's server that accepts connections; or two of them, and the engine between.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly List<RunningProgram> _programs = [];
    private readonly List<ServerPlace> _places = [];

    private RunningServer(Peer peer) => Peer = peer;

    public Peer Peer { get; }

    public IReadOnlyList<ServerPlace> Places => _places;

    public int? EngineProcess { get; private set; }

    /// <summary>All processes that are still there.</summary>
    public IEnumerable<int> Processes => _programs.Where(program => !program.HasEnded).Select(program => program.ProcessNumber);

    /// <exception cref="CommandFailedException">It did not start.</exception>
    public static async Task<RunningServer> StartAsync(Peer peer, Cores cores, CancellationToken cancellationToken)
    {
        var server = new RunningServer(peer);
        try
        {
            await server.StartAsync(cores, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The engine, which came first, last: nobody misses it.
        foreach (var program in Enumerable.Reverse(_programs))
        {
            await program.DisposeAsync();
        }
    }

    private async Task StartAsync(Cores cores, CancellationToken cancellationToken)
    {
        string[] arguments = [];
        if (Peer.Engine is { } engine)
        {
            var port = FreePort.Find();
            var program = await StartAsync(engine.Name, engine.StartCommand(port), engine.IsReady);
            EngineProcess = program.ProcessNumber;
            arguments = engine.ArgumentsOfServers(port);
        }

        for (var i = 0; i < Peer.Servers; i++)
        {
            var port = FreePort.Find();
            var command = Peer.StartCommand(port);
            var program = await StartAsync(Peer.Name, command with { Arguments = [.. command.Arguments, .. arguments] }, line => line.Trim() == "ready");
            _places.Add(new ServerPlace(port, program.ProcessNumber));
        }

        async Task<RunningProgram> StartAsync(string name, Command command, Func<string, bool> isReady)
        {
            var program = await RunningProgram.StartAsync(name, cores.PinServer(command), isReady, cancellationToken);
            _programs.Add(program);
            return program;
        }
    }
}
