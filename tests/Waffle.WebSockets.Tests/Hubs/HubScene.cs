using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>A hub whose clients are connected in memory, with the clock in the test's hand.</summary>
internal sealed class HubScene : IAsyncDisposable
{
    private readonly ConcurrentBag<ConnectionPair> _pairs = [];
    private readonly ILoggerFactory _loggers;

    public HubScene(WebSocketHubOptions? options = null, JsonSerializerOptions? serializerOptions = null, IServiceProvider? services = null)
    {
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(Logs));
        Hub = new WebSocketHub(options, serializerOptions, Time, _loggers.CreateLogger<WebSocketHub>(), services);
    }

    public FakeTimeProvider Time { get; } = new();

    public RecordedLogs Logs { get; } = new();

    public WebSocketHub Hub { get; }

    /// <summary>A connection that is no client yet.</summary>
    public ConnectionPair CreatePair(
        Action<WebSocketConnectionOptions>? configure = null,
        int capacity = 64 * 1024,
        MessageCompression compression = MessageCompression.Disabled)
    {
        var pair = compression.CreatePair(configure, capacity, Time, threshold: 512);
        _pairs.Add(pair);
        return pair;
    }

    public async Task<HubPeer> ConnectAsync(
        string? id = null,
        Action<WebSocketConnectionOptions>? configure = null,
        int capacity = 64 * 1024,
        MessageCompression compression = MessageCompression.Disabled)
    {
        var pair = CreatePair(configure, capacity, compression);
        return new HubPeer(pair, await Hub.AddAsync(pair.Server, id).Soon());
    }

    public async Task<HubPeer[]> ConnectAsync(int count)
    {
        var peers = new HubPeer[count];
        for (var i = 0; i < count; i++)
        {
            peers[i] = await ConnectAsync();
        }

        return peers;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_pairs.Select(pair => pair.DisposeAsync().AsTask())).Soon();
        _loggers.Dispose();
    }
}
