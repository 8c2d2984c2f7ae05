using System.Text;
using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Bench.Micro.Messages;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Hubs;

/// <summary>One message to one client: encoded, framed, queued and written to an output that takes everything at once.</summary>
public class Sending
{
    private static readonly byte[] _data = Payloads.CreateJson(100);
    private static readonly string _text = Encoding.ASCII.GetString(_data);
    private static readonly PreparedMessage _prepared = PreparedMessage.Text(_text);
    private static readonly ChatText _chat = new() { Room = "general", Text = "Hello, everybody. Is anyone here?" };

    private readonly WebSocketHub _hub = Members.CreateHub();
    private HubClient? _client;

    [GlobalSetup]
    public async Task Setup() => _client = await Members.AddAsync(_hub);

    [GlobalCleanup]
    public void Cleanup() => _hub.Dispose();

    [Benchmark]
    public SendStatus Prepared() => _client!.SendAsync(_prepared).AtOnce();

    [Benchmark]
    public SendStatus Text() => _client!.SendTextAsync(_text).AtOnce();

    [Benchmark]
    public SendStatus Binary() => _client!.SendBinaryAsync(_data).AtOnce();

    [Benchmark]
    public SendStatus Json() => _client!.SendJsonAsync(_chat).AtOnce();

    [Benchmark]
    public SendStatus TypedMessage() => _client!.SendTypedMessageAsync("chat", _chat).AtOnce();

    [Benchmark]
    public SendStatus Event() => _client!.SendEventAsync("chat", _chat).AtOnce();

    [Benchmark]
    public SendStatus Write() => _client!.Connection.WriteAsync(MessageKind.Text, _data).AtOnce();
}
