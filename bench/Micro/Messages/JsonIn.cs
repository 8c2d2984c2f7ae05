using System.Text;
using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Bench.Micro.Hubs;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Messages;

/// <summary>
/// A message of JSON to its handler. The handler's own objects, which alone may be allocated, are those of <see cref="HandlersObjects"/>: the payload with its
/// two strings.
/// </summary>
public class JsonIn
{
    private const int Batch = 16;

    private readonly string _room = "general";
    private readonly string _text = "Hello, everybody. Is anyone here?";
    private readonly byte[] _message;
    private readonly WebSocketHub _hub = Members.CreateHub();
    private readonly SilentPeer _peer = new();
    private readonly MessageRouter _router;
    private HubClient? _client;
    private Task? _run;
    private byte[] _frames = [];
    private int _handled;

    public JsonIn()
    {
        _message = Encoding.UTF8.GetBytes($$"""{"type":"chat","payload":{"room":"{{_room}}","text":"{{_text}}"},"id":"7"}""");
        _router = new MessageRouter().On<ChatText>("chat", Handle);
    }

    [GlobalSetup]
    public async Task Setup()
    {
        _client = await Members.AddAsync(_hub, peer: _peer);
        _run = _router.RunAsync(_client);
        _frames = [.. Enumerable.Repeat(RawFrame.EncodeMessage(RawFrame.TextOpcode, _message), Batch).SelectMany(static frame => frame)];
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        _hub.Dispose();
        await _run!;
    }

    [Benchmark(Baseline = true)]
    public object HandlersObjects() => new ChatText { Room = new string('r', _room.Length), Text = new string('t', _text.Length) };

    [Benchmark]
    public int Envelope() => MessageEnvelopeReader.ReadMessage(_message).Payload.End.Value;

    [Benchmark]
    public Task Route() => _router.RouteAsync(_client!, _message);

    /// <summary>From received bytes through the read loop and the router's own loop, on another thread, to the handler.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public async ValueTask Receive()
    {
        var expected = Volatile.Read(ref _handled) + Batch;
        await _peer.SendAsync(_frames);
        var wait = default(SpinWait);
        while (Volatile.Read(ref _handled) != expected)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private Task Handle(HubClient client, ChatText chat, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _handled, _handled + (chat.Room!.Length / _room.Length));
        return Task.CompletedTask;
    }
}
