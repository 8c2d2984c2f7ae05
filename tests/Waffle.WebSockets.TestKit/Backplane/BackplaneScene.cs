using System.Text;

namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>Several servers' backplanes on one engine, each with a receiver that keeps what it is told.</summary>
public sealed class BackplaneScene : IAsyncDisposable
{
    // So many that one of them takes the same way as any other channel, where an engine has several.
    private static readonly string[] _marks = [.. Enumerable.Range(0, 32).Select(static number => $"mark.{number}")];

    private readonly IEngine _engine;
    private int _lastMark;

    private BackplaneScene(IEngine engine, IReadOnlyList<IBackplane> backplanes)
    {
        _engine = engine;
        Backplanes = backplanes;
        Receivers = [.. backplanes.Select(static _ => new RecordingReceiver())];
    }

    public IReadOnlyList<IBackplane> Backplanes { get; }

    public IReadOnlyList<RecordingReceiver> Receivers { get; }

    /// <summary>Returns when all servers are connected; the engine is disposed of with the scene.</summary>
    public static async Task<BackplaneScene> StartAsync(Func<Task<IEngine>> start, int servers)
    {
        var engine = await start();
        var scene = Create(engine, [.. Enumerable.Range(0, servers).Select(_ => engine.Connect())]);
        await scene.StartAsync();
        return scene;
    }

    /// <summary>One that has not begun to connect.</summary>
    public static BackplaneScene Create(IEngine engine, params IReadOnlyList<IBackplane> backplanes) => new(engine, backplanes);

    /// <summary>Returns when all servers are connected.</summary>
    public async Task StartAsync()
    {
        for (var i = 0; i < Backplanes.Count; i++)
        {
            var receiver = Receivers[i];
            await Backplanes[i].StartAsync(receiver, CancellationToken.None).AsTask().Soon();
            await Wait.Eventually(() => receiver.Connected > 0, "it is connected");
        }
    }

    public Task PublishAsync(int server, string channel, string text) =>
        Backplanes[server].PublishAsync(channel, Encoding.UTF8.GetBytes(text), CancellationToken.None).AsTask().Soon();

    public Task SubscribeAsync(int server, string channel) => Backplanes[server].SubscribeAsync(channel, CancellationToken.None).AsTask().Soon();

    public Task UnsubscribeAsync(int server, string channel) => Backplanes[server].UnsubscribeAsync(channel, CancellationToken.None).AsTask().Soon();

    /// <summary>Returns when what one server has published before has come at another, also where its receiver is held up in other channels than the marks.</summary>
    public async Task UntilCameAsync(int from, int at)
    {
        if (_engine.DeliversAtOnce)
        {
            return;
        }

        var text = $"{++_lastMark}";
        await Task.WhenAll(_marks.Select(mark => SubscribeAsync(at, mark)));
        await Task.WhenAll(_marks.Select(mark => PublishAsync(from, mark, text)));
        await Wait.Eventually(() => _marks.All(mark => Receivers[at].Texts(mark).Contains(text)), "all marks have come");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backplane in Backplanes)
        {
            await backplane.DisposeAsync().AsTask().Soon();
        }

        await _engine.DisposeAsync();
    }
}
