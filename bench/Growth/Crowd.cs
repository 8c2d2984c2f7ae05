using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>A hub of clients in memory, on a clock that stands still.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();

    public Crowd() => Hub = new WebSocketHub(new WebSocketHubOptions { MaxRoomsPerClient = 0 }, time: _time);

    public WebSocketHub Hub { get; }

    public async Task<HubClient[]> AddAsync(int count)
    {
        var clients = new HubClient[count];
        for (var i = 0; i < count; i++)
        {
            clients[i] = await Hub.AddAsync(WebSocketConnection.Create(new SilentPeer(), time: _time));
        }

        return clients;
    }

    /// <summary>Ends connections, and returns when all of them have left.</summary>
    public async Task DisconnectAsync(HubClient[] clients)
    {
        var rest = Hub.Count - clients.Length;
        foreach (var client in clients)
        {
            client.Connection.Abort();
        }

        await WaitForCountAsync(rest);
    }

    /// <summary>Ends all connections, and returns when nothing of them is left to do.</summary>
    public async ValueTask DisposeAsync()
    {
        Hub.Dispose();
        await WaitForCountAsync(0);
    }

    private async Task WaitForCountAsync(int count)
    {
        while (Hub.Count > count)
        {
            await Task.Delay(_look);
        }
    }
}
