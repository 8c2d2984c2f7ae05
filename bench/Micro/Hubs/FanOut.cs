using System.Text;
using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Bench.Micro.Messages;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Hubs;

/// <summary>One message to all members of a hub, whose outputs take everything at once. The time is that of the whole broadcast.</summary>
public class FanOut
{
    private static readonly string _text = Encoding.ASCII.GetString(Payloads.CreateJson(100));
    private static readonly PreparedMessage _prepared = PreparedMessage.Text(_text);
    private static readonly ChatText _chat = new() { Room = "general", Text = "Hello, everybody. Is anyone here?" };

    private readonly WebSocketHub _hub = Members.CreateHub();

    [Params(1, 100, 10_000)]
    public int Receivers { get; set; }

    [GlobalSetup]
    public Task Setup() => Members.AddAsync(_hub, Receivers);

    [GlobalCleanup]
    public void Cleanup() => _hub.Dispose();

    [Benchmark]
    public int Prepared() => Check(_hub.BroadcastAsync(_prepared));

    [Benchmark]
    public int Text() => Check(_hub.BroadcastTextAsync(_text));

    [Benchmark]
    public int TypedMessage() => Check(_hub.BroadcastTypedMessageAsync("chat", _chat));

    private int Check(ValueTask<BroadcastResult> broadcast)
    {
        var queued = broadcast.AtOnce().Queued;
        return queued == Receivers ? queued : throw new InvalidOperationException($"Only {queued} got it.");
    }
}
