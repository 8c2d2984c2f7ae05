using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.Soak.Report;

/// <summary>The engine that connects the servers, which is killed now and then, and soon started again.</summary>
internal sealed class SoakEngine : IAsyncDisposable
{
    private static readonly TimeSpan _timeAway = TimeSpan.FromSeconds(3);

    private readonly EngineProcess _process;
    private readonly SoakOptions _options;

    private SoakEngine(EngineProcess process, SoakOptions options) => (_process, _options) = (process, options);

    /// <summary>Where servers find it.</summary>
    public string Endpoint => $"{(_options.Backplane == SoakBackplane.Nats ? "nats://" : string.Empty)}127.0.0.1:{_process.Port}";

    /// <summary>How often it was killed.</summary>
    public int Outages { get; private set; }

    public static async Task<SoakEngine> StartAsync(SoakOptions options) => new(
        await (options.Backplane == SoakBackplane.Redis ? EngineProcess.StartRedisAsync() : EngineProcess.StartNatsAsync()), options);

    /// <summary>Returns soon after <paramref name="stop"/> has fired, when the engine is there.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(TimeSpan.FromSeconds(_options.OutageSeconds), stop);
            if (!stop.IsCancellationRequested)
            {
                await _process.KillAsync();
                Outages++;
                await PauseAsync(_timeAway, stop);
                await _process.StartAsync();
            }
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task PauseAsync(TimeSpan time, CancellationToken stop) =>
        await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
