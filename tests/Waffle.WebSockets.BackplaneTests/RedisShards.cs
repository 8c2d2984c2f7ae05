using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Waffle.WebSockets.Redis;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A Redis cluster of three servers, each with a third of the slots; shared by the tests of a class, since it takes seconds to form.</summary>
public sealed class RedisShards : IAsyncLifetime
{
    private const int Slots = 16384;
    private const int Count = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("waffle-redis-");
    private readonly List<EngineProcess> _processes = [];
    private readonly List<ConnectionMultiplexer> _consoles = [];

    public IReadOnlyList<EngineProcess> Servers => _processes;

    private string Configuration => string.Join(',', _processes.Select(static process => $"127.0.0.1:{process.Port}"));

    public async ValueTask InitializeAsync()
    {
        var busPorts = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            busPorts[i] = FreePort.Find();
            _processes.Add(await EngineProcess.StartRedisAsync(
                "--cluster-enabled", "yes", "--cluster-port", $"{busPorts[i]}", "--dir", _folder.FullName, "--cluster-config-file", $"nodes-{i}.conf"));
            _consoles.Add(await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_processes[i].Port},allowAdmin=true"));
            await ExecuteAsync(i, "CLUSTER", "ADDSLOTSRANGE", i * Slots / Count, ((i + 1) * Slots / Count) - 1);
        }

        for (var i = 1; i < Count; i++)
        {
            await ExecuteAsync(0, "CLUSTER", "MEET", "127.0.0.1", _processes[i].Port, busPorts[i]);
        }

        await UntilFormedAsync();
    }

    /// <summary>Returns when all servers are there and know each other.</summary>
    public Task UntilFormedAsync() => Wait.Eventually(
        async () => (await Task.WhenAll(Enumerable.Range(0, Count).Select(AskForInfoAsync)))
            .All(static info =>
                info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains($"cluster_size:{Count}", StringComparison.Ordinal)),
        "the servers are a cluster");

    /// <summary>The server that has a channel.</summary>
    public async Task<EngineProcess> FindAsync(string channel)
    {
        var slot = (int)await ExecuteAsync(0, "CLUSTER", "KEYSLOT", channel);
        return _processes[(((slot + 1) * Count) - 1) / Slots];
    }

    /// <summary>The cluster as the engine of one test.</summary>
    public IEngine ToEngine(RedisSharding sharding = RedisSharding.InCluster) =>
        new Borrowed(() => new RedisBackplane(WebSocketRedisServiceCollectionExtensions.ParseConfiguration(Configuration), sharding));

    /// <summary>The channels of a hub that each server knows, sharded ones or others.</summary>
    public async Task<IReadOnlyList<string[]>> FindChannelsAsync(string hub, bool areSharded)
    {
        var channels = await Task.WhenAll(Enumerable.Range(0, Count).Select(server => ExecuteAsync(server, "PUBSUB", areSharded ? "SHARDCHANNELS" : "CHANNELS", $"{hub}.*")));
        return Array.ConvertAll(channels, static ofServer => (string[])ofServer!);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_consoles.Select(static console => console.DisposeAsync().AsTask()));
        await Task.WhenAll(_processes.Select(static process => process.DisposeAsync().AsTask()));
        _folder.Delete(recursive: true);
    }

    private Task<RedisResult> ExecuteAsync(int server, string command, params object[] arguments) =>
        _consoles[server].GetServer("127.0.0.1", _processes[server].Port).ExecuteAsync(command, arguments);

    private async Task<string> AskForInfoAsync(int server)
    {
        try
        {
            return (string)(await ExecuteAsync(server, "CLUSTER", "INFO"))!;
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            // It was killed, and is not connected to again.
            return string.Empty;
        }
    }

    // Others go on with it.
    private sealed class Borrowed(Func<IBackplane> connect) : IEngine
    {
        public IBackplane Connect() => connect();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
