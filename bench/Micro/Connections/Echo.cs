using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Connections;

/// <summary>A message through a whole connection and back: read loop, inbox, read, send, queue, output.</summary>
public class Echo
{
    private readonly SilentPeer _peer = new();
    private readonly WebSocketConnection _connection;
    private byte[] _frame = [];

    public Echo() => _connection = WebSocketConnection.Create(_peer, time: new FakeTimeProvider());

    [Params(100, 16 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup() => _frame = RawFrame.EncodeMessage(RawFrame.TextOpcode, Payloads.CreateJson(Size));

    [GlobalCleanup]
    public void Cleanup() => _connection.Abort();

    [Benchmark]
    public async ValueTask<SendStatus> ReadAndWrite()
    {
        await _peer.SendAsync(_frame);
        var message = await _connection.ReadAsync();
        return await _connection.WriteAsync(message.Kind, message.Data);
    }
}
